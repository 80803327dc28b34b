using System.Collections.Concurrent;
using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Snippets.Stores;

#region document
/// <summary>Everything of one account, in one document.</summary>
public sealed class AccountDocument(CreditAccount account, ImmutableArray<CreditEntry> log)
{
    public CreditAccount Account { get; } = account;

    public ImmutableArray<CreditEntry> Log { get; } = log;

    public LoadedCreditAccount Load() => new(Account, [.. Log.Where(e => e.IsIdempotencyKey)]);

    public static AccountDocument Save(AccountDocument? before, CreditAccountChange change)
    {
        var grants = change.Grants.Concat(before?.Account.Grants ?? []).DistinctBy(g => g.Id).Order();
        var reservations = (before?.Account.Reservations ?? change.After.Reservations.Clear()).SetItems(
            change.Reservations.Select(r => KeyValuePair.Create(r.Id, r))
        );
        return new AccountDocument(
            change.After with
            {
                Grants = [.. grants],
                Reservations = reservations,
            },
            [.. before?.Log ?? [], .. change.Entries]
        );
    }
}
#endregion

#region store
/// <summary>Keeps each account as one document, replaced only if nobody else replaced it meanwhile.</summary>
public sealed partial class DocumentCreditStore(TimeProvider clock) : ICreditStore
{
    // Stands for any database that can compare and set one document by its key.
    private readonly ConcurrentDictionary<AccountId, AccountDocument> _documents = new();

    public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        var outcomes = new CreditOutcome[batch.Commands.Length];
        foreach (var commands in batch.Commands.Select((c, place) => (c, place)).GroupBy(c => c.c.Account))
        {
            var results = ApplyToOne(commands.Key, batch.With(commands.Select(c => c.c)));
            foreach (var (place, result) in commands.Select(c => c.place).Zip(results))
            {
                outcomes[place] = CreditOutcome.Of(result);
            }
        }

        return Task.FromResult(outcomes.ToImmutableArray());
    }

    private ImmutableArray<CreditResult> ApplyToOne(AccountId account, CreditBatch commands)
    {
        while (true)
        {
            var document = _documents.GetValueOrDefault(account);
            var changes = commands.Apply(document is null ? [] : [document.Load()], clock.GetUtcNow());
            if (changes.Accounts.IsEmpty)
            {
                return changes.Results;
            }

            var saved = AccountDocument.Save(document, changes.Accounts[0]);
            if (document is null ? _documents.TryAdd(account, saved) : _documents.TryUpdate(account, saved, document))
            {
                return changes.Results;
            }
        }
    }

    public Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            CreditBalance.Of(
                _documents.GetValueOrDefault(account)?.Account ?? CreditAccount.Empty(account),
                clock.GetUtcNow(),
                policy
            )
        );

    public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            (_documents.GetValueOrDefault(account)?.Log ?? [])
                .Reverse()
                .Where(e => before is null || e.Sequence < before)
                .Take(limit)
                .ToImmutableArray()
        );
}
#endregion
