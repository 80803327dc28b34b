using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>A ledger over a store that answers at once has no queue.</summary>
public sealed class PromptCreditStoreTests
{
    private static readonly AccountId Anna = new("anna");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_is_there_before_anybody_waits()
    {
        await using var ledger = NewLedger();

        var granted = ledger.GrantAsync(Anna, "grant", 5, "test", cancellationToken: Token);

        Assert.True(granted.IsCompletedSuccessfully);
        Assert.Equal(CreditStatus.Applied, (await granted).Status);
    }

    [Fact]
    public async Task Callers_at_once_take_no_more_than_there_is()
    {
        await using var ledger = NewLedger();
        await ledger.GrantAsync(Anna, "grant", 500, "test", cancellationToken: Token);

        var results = new CreditStatus[1_000];
        await Parallel.ForAsync(
            0,
            results.Length,
            Token,
            async (i, token) =>
            {
                var reserved = await ledger.ReserveAsync(Anna, "r" + i, 1, "letter", cancellationToken: token);
                results[i] = reserved.Reservation is { } mine
                    ? (await ledger.CommitAsync(mine.ToId(Anna), cancellationToken: token)).Status
                    : reserved.Status;
            }
        );

        Assert.Equal(500, results.Count(s => s == CreditStatus.Applied));
        Assert.Equal(500, results.Count(s => s == CreditStatus.InsufficientCredits));
        var balance = await ledger.ReadBalanceAsync(Anna, Token);
        Assert.Equal((0, 0), (balance.Balance, balance.Reserved));
    }

    [Fact]
    public async Task After_the_host_stopped_nothing_is_taken_in()
    {
        var ledger = NewLedger();
        await ledger.DisposeAsync();

        var refused = await Assert.ThrowsAsync<CreditStoreException>(() =>
            ledger.GrantAsync(Anna, "grant", 5, "test", cancellationToken: Token)
        );

        Assert.Equal(CreditOperationOutcome.NotApplied, refused.Outcome);
    }

    [Fact]
    public async Task What_fails_at_once_is_tried_again_through_the_queue()
    {
        var store = new HastyStore();
        await using var ledger = new CreditLedger(store, Options.Create(new PayPerUseOptions()));

        var granted = await ledger.GrantAsync(Anna, "grant", 5, "test", cancellationToken: Token);

        Assert.Equal((CreditStatus.Applied, 5), (granted.Status, granted.Balance));
        Assert.Equal(1, store.Failures);
    }

    /// <summary>Saves, and fails before it can say so.</summary>
    private sealed class HastyStore : IPromptCreditStore
    {
        private readonly InMemoryCreditStore _store = new();

        public int Failures { get; private set; }

        public CreditResult Apply(CreditCommand command, CreditPolicy policy)
        {
            ((IPromptCreditStore)_store).Apply(command, policy);
            Failures++;
            throw new InvalidOperationException("Too hasty.");
        }

        public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken) =>
            _store.ApplyAsync(batch, cancellationToken);

        public Task<CreditBalance> ReadBalanceAsync(
            AccountId account,
            CreditPolicy policy,
            CancellationToken cancellationToken
        ) => _store.ReadBalanceAsync(account, policy, cancellationToken);

        public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
            AccountId account,
            long? before,
            int limit,
            CancellationToken cancellationToken
        ) => _store.ReadHistoryAsync(account, before, limit, cancellationToken);
    }

    private static CreditLedger NewLedger() => new(new InMemoryCreditStore(), Options.Create(new PayPerUseOptions()));
}
