using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A real in-memory store between two hooks, in which a test may wait or fail.</summary>
internal sealed class HookedCreditStore(InMemoryCreditStore inner) : ICreditStore, ICreditMerger
{
    /// <summary>Runs before a batch is applied.</summary>
    public Func<CreditBatch, Task>? Before { get; set; }

    /// <summary>Runs after a batch was applied and before its answer arrives.</summary>
    public Func<CreditBatch, Task>? After { get; set; }

    /// <summary>Runs before a balance or a history is read.</summary>
    public Func<Task>? BeforeRead { get; set; }

    public static CreditStoreException Down(CreditOperationOutcome outcome) =>
        new("The store is down.", isTransient: false, outcome);

    /// <summary>Fails every command of a kind.</summary>
    public void Fail(CreditCommandKind kind, CreditOperationOutcome outcome = CreditOperationOutcome.NotApplied) =>
        Before = batch => batch.Commands.Any(c => c.Kind == kind) ? throw Down(outcome) : Task.CompletedTask;

    public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        if (Before is { } before)
        {
            await before(batch);
        }

        var outcomes = await inner.ApplyAsync(batch, cancellationToken);
        if (After is { } after)
        {
            await after(batch);
        }

        return outcomes;
    }

    public async Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        if (BeforeRead is { } before)
        {
            await before();
        }

        return await inner.ReadBalanceAsync(account, policy, cancellationToken);
    }

    public async Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (BeforeRead is { } wait)
        {
            await wait();
        }

        return await inner.ReadHistoryAsync(account, before, limit, cancellationToken);
    }

    public Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CreditPolicy policy,
        CancellationToken cancellationToken
    ) => inner.MergeAsync(source, target, policy, cancellationToken);

    public Task<AccountId?> FindMergedIntoAsync(AccountId account, CancellationToken cancellationToken) =>
        inner.FindMergedIntoAsync(account, cancellationToken);

    public Task<ImmutableArray<AccountId>> FindMergedAsync(
        IReadOnlyCollection<AccountId> accounts,
        int limit,
        CancellationToken cancellationToken
    ) => inner.FindMergedAsync(accounts, limit, cancellationToken);
}
