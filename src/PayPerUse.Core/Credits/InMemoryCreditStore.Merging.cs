using System.Collections.Immutable;

namespace PayPerUse.Credits;

public sealed partial class InMemoryCreditStore : ICreditMerger
{
    /// <inheritdoc />
    public Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        CreditMerge.Demand(source, target);
        using (_gates.EnterAll())
        {
            var from = _accounts.TryGetValue(source, out var kept) ? kept.LoadWhole() : CreditAccount.Empty(source);
            var now = _clock.GetUtcNow();
            var to = LoadedCreditAccount.Empty(target);
            if (_accounts.TryGetValue(target, out var taker))
            {
                foreach (var grant in from.Grants)
                {
                    taker.Want(grant.Id);
                }

                to = taker.Load(now > from.LastTime ? now : from.LastTime);
            }

            var (result, closed, merged) = CreditMerge.Apply(from, to, Guid.NewGuid(), now, policy);
            foreach (var change in new[] { closed, merged })
            {
                if (change is not null)
                {
                    Add(change.After.Id).Save(change);
                }
            }

            return Task.FromResult(result);
        }
    }

    /// <inheritdoc />
    public Task<AccountId?> FindMergedIntoAsync(AccountId account, CancellationToken cancellationToken)
    {
        lock (_gates.Of(account))
        {
            return Task.FromResult(_accounts.GetValueOrDefault(account)?.Row.MergedInto);
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<AccountId>> FindMergedAsync(
        IReadOnlyCollection<AccountId> accounts,
        int limit,
        CancellationToken cancellationToken
    )
    {
        using (_gates.EnterAll())
        {
            return Task.FromResult(
                _accounts
                    .Where(a => a.Value.Row.MergedInto is { } into && accounts.Contains(into))
                    .Select(a => a.Key)
                    .Order()
                    .Take(limit)
                    .ToImmutableArray()
            );
        }
    }
}
