using System.Collections.Immutable;

namespace PayPerUse.Credits;

public sealed partial class InMemoryCreditStore : ICreditRetention
{
    private bool _isWalking;
    private AccountId _walkedTo;
    private DateTimeOffset _walkBegan = DateTimeOffset.MinValue;

    /// <inheritdoc />
    public Task<CreditTrim> TrimAsync(CreditTrimOrder order, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        using (_gates.EnterAll())
        {
            var looked = 0;
            var entries = 0L;
            var refused = ImmutableArray.CreateBuilder<CreditVerdict>();
            var accounts = WalkOn(order);
            foreach (var account in accounts)
            {
                CreditFold fold;
                do
                {
                    if (entries >= order.MaxEntries || cancellationToken.IsCancellationRequested)
                    {
                        return Task.FromResult(new CreditTrim(looked, entries, refused.ToImmutable()));
                    }

                    fold = _accounts[account].Trim(order);
                    entries += fold.Entries;
                } while (fold.Entries > 0);

                looked++;
                _walkedTo = account;
                if (!fold.Findings.IsEmpty)
                {
                    refused.Add(new CreditVerdict(account.Value, 0, fold.Findings));
                }
            }

            _isWalking = accounts.Length == order.MaxAccounts;
            return Task.FromResult(new CreditTrim(looked, entries, refused.ToImmutable()));
        }
    }

    private AccountId[] WalkOn(CreditTrimOrder order)
    {
        if (!_isWalking)
        {
            var now = _clock.GetUtcNow();
            if (order.WalkInterval > TimeSpan.Zero && now - _walkBegan < order.WalkInterval)
            {
                return [];
            }

            (_isWalking, _walkedTo, _walkBegan) = (true, default, now);
        }

        return [.. _accounts.Keys.Where(a => _walkedTo.IsDefault || a > _walkedTo).Order().Take(order.MaxAccounts)];
    }
}
