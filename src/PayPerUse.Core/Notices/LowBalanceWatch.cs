using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Notices;

/// <summary>
/// Notices accounts that come down to the low balance. Commands of this host say which accounts to look at, which costs a spend
/// nothing but a line in memory; what a crash forgot is found by a look at every account at start and then seldom. That is right
/// because an alert tells of a state, not of the moment: an account that is up again needs none.
/// </summary>
/// <param name="ledger">Whose accounts.</param>
/// <param name="options">The low balance.</param>
/// <param name="clock">The clock.</param>
/// <param name="alerts">Where alerts are kept; null when the store keeps none, and then nothing is noticed.</param>
public sealed class LowBalanceWatch(
    CreditLedger ledger,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILowBalanceAlerts? alerts = null
) : IDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan WholeLook = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<AccountId, byte> _changed = new();
    private DateTimeOffset? _lookedAt;
    private bool _isListening;

    /// <summary>Begins to listen, where a low balance is set.</summary>
    public void Start()
    {
        if (!_isListening && alerts is not null && options.Value.LowBalance is not null)
        {
            _isListening = true;
            ledger.Changed += Note;
        }
    }

    /// <summary>Looks at the accounts that changed, or at all of them, and raises and clears alerts.</summary>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="PayPerUseException">A store did not answer; what was not looked at is looked at next time.</exception>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (alerts is null || options.Value.LowBalance is not { } low)
        {
            return;
        }

        // Before raising: an account that was up and is low again is told of again.
        await alerts.ClearAsync(low, cancellationToken).ConfigureAwait(false);
        foreach (var account in _changed.Keys)
        {
            // Taken off before it is read, so that a change meanwhile is not forgotten.
            _changed.TryRemove(account, out _);
            try
            {
                await LookAsync(account, low, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                _changed.TryAdd(account, 0);
                throw;
            }
        }

        var now = clock.GetUtcNow();
        if (_lookedAt is null || now - _lookedAt >= WholeLook)
        {
            await LookAtAllAsync(low, cancellationToken).ConfigureAwait(false);
            _lookedAt = now;
        }
    }

    /// <inheritdoc />
    public void Dispose() => ledger.Changed -= Note;

    private async Task LookAtAllAsync(long low, CancellationToken cancellationToken)
    {
        AccountId? after = null;
        while (true)
        {
            var page = await alerts!.FindLowAsync(low, after, PageSize, cancellationToken).ConfigureAwait(false);
            foreach (var account in page)
            {
                await LookAsync(account, low, cancellationToken).ConfigureAwait(false);
                after = account;
            }

            if (page.Length < PageSize)
            {
                return;
            }
        }
    }

    private async Task LookAsync(AccountId account, long low, CancellationToken cancellationToken)
    {
        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        if (balance.MergedInto is null && balance.Balance <= low)
        {
            await alerts!
                .TryRaiseAsync(account, balance.Balance, clock.GetUtcNowInMilliseconds(), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private void Note(object? sender, CreditsChangedEventArgs e) => _changed.TryAdd(e.Account, 0);
}
