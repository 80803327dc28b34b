using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Accounts as this host last saved them, so that a save need not read first. Nothing here is believed: it is saved only if the
/// row's version is still the one it was read with.
/// </summary>
internal sealed class PostgresRecentAccounts
{
    /// <summary>How long an account is kept after it was last saved or read: after that it is read again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly RecentAccounts<(SeenCreditAccount Seen, DateTimeOffset KeptUntil)> _accounts = new();
    private TimeSpan _rest = ShortestRest;
    private DateTimeOffset _restsUntil;
    private volatile int _epoch;

    /// <summary>Goes up whenever everything is forgotten: what was taken or read before that is not what is so after it.</summary>
    public int Epoch => _epoch;

    /// <summary>Takes an account out; null when it is not here, is too old, or other hosts are changing accounts too.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="now">The host's clock.</param>
    public SeenCreditAccount? Take(AccountId account, DateTimeOffset now)
    {
        lock (_gate)
        {
            return
                _accounts.TryTake(account, out var entry)
                && now >= _restsUntil
                && now < entry.KeptUntil
                && !entry.Seen.IsMissingWhatIsDue(now)
                ? entry.Seen
                : null;
        }
    }

    /// <summary>Puts back an account as it was just saved, or read under its lock; not if everything was forgotten meanwhile.</summary>
    /// <param name="seen">The account.</param>
    /// <param name="now">The host's clock.</param>
    /// <param name="epoch">The <see cref="Epoch"/> in which it was taken or read.</param>
    public void Put(SeenCreditAccount seen, DateTimeOffset now, int epoch)
    {
        var account = RecentAccounts<SeenCreditAccount>.WithoutEnded(seen.Account);
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                _accounts.Put(account.Id, (seen with { Account = account }, now + MaxAge));
            }
        }
    }

    /// <summary>
    /// Another host changed an account of ours. Where hosts share accounts, saving without reading mostly fails, so it is not
    /// tried for a while: the longer, the more often that happens.
    /// </summary>
    public void NoteStale(DateTimeOffset now)
    {
        lock (_gate)
        {
            _restsUntil = now + _rest;
            _rest = _rest * 2 > LongestRest ? LongestRest : _rest * 2;
        }
    }

    /// <summary>Nobody else had changed what was saved.</summary>
    public void NoteFresh()
    {
        lock (_gate)
        {
            _rest = ShortestRest;
        }
    }

    /// <summary>
    /// Forgets everything: a connection that was lost, or opened anew, can mean another server, or an older copy of the database.
    /// </summary>
    public void Clear()
    {
        lock (_gate)
        {
            _epoch++;
            _accounts.Clear();
        }
    }
}

/// <summary>An account as it was last saved or read under its lock, with all of its live grants.</summary>
/// <param name="Account">The account.</param>
/// <param name="MissingDueAt">When the first of its open reservations falls due that were not read with it.</param>
internal readonly record struct SeenCreditAccount(CreditAccount Account, DateTimeOffset MissingDueAt)
{
    public bool IsMissingWhatIsDue(DateTimeOffset now) => MissingDueAt <= now || MissingDueAt <= Account.LastTime;
}
