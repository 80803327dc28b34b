using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Accounts as this host last saved them, so that a save need not read first. Nothing here is believed: it is saved only if the
/// row's version is still the one it was read with. Who takes an account out has it alone until it is put back.
/// </summary>
/// <remarks>
/// Bounded by two generations: once the young one is full it becomes the old one, and what nobody asked for meanwhile is let go.
/// </remarks>
internal sealed class CreditAccountCache
{
    /// <summary>Accounts a generation. An account takes about a kilobyte, so a full cache stays below 20 MB.</summary>
    public const int GenerationSize = 10_000;

    /// <summary>How long an account is kept: what a person changes by hand is seen after that at the latest.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Dictionary<AccountId, Entry> _young = [];
    private Dictionary<AccountId, Entry> _old = [];
    private TimeSpan _rest = ShortestRest;
    private DateTimeOffset _restsUntil;

    /// <summary>Takes an account out; null when it is not here, is too old, or others are changing accounts too.</summary>
    /// <param name="id">Which account.</param>
    /// <param name="now">The host's clock.</param>
    public SeenCreditAccount? Take(AccountId id, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_young.Remove(id, out var entry) && !_old.Remove(id, out entry))
            {
                return null;
            }

            var account = entry.Account;
            var isDue = entry.MissingDueAt <= now || entry.MissingDueAt <= account.LastTime;
            return isDue || now < _restsUntil || now >= entry.KeptUntil
                ? null
                : new SeenCreditAccount(account, entry.MissingDueAt);
        }
    }

    /// <summary>Puts back an account as it was just saved or read under its lock.</summary>
    /// <param name="seen">The account, with all of its live grants.</param>
    /// <param name="now">The host's clock.</param>
    public void Put(SeenCreditAccount seen, DateTimeOffset now)
    {
        var account = WithoutEnded(seen.Account);
        var entry = new Entry(account, seen.MissingDueAt, now + MaxAge);
        lock (_gate)
        {
            if (_young.Count >= GenerationSize)
            {
                (_young, _old) = (_old, _young);
                _young.Clear();
            }

            _old.Remove(account.Id);
            _young[account.Id] = entry;
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

    /// <summary>Forgets everything: a lost connection can mean another server, or an older copy of the database.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _young.Clear();
            _old.Clear();
        }
    }

    // What has ended is read again should somebody ask; it would pile up here.
    private static CreditAccount WithoutEnded(CreditAccount account)
    {
        var grants = account.Grants.RemoveAll(static g => g.Free == 0 && g.Reserved == 0);
        var ended = account.Reservations.Where(static r => r.Value.State != ReservationState.Open).Select(r => r.Key);
        var reservations = account.Reservations.IsEmpty
            ? account.Reservations
            : account.Reservations.RemoveRange(ended);
        return grants.Length == account.Grants.Length && ReferenceEquals(reservations, account.Reservations)
            ? account
            : account with
            {
                Grants = grants,
                Reservations = reservations,
            };
    }

    private readonly record struct Entry(CreditAccount Account, DateTimeOffset MissingDueAt, DateTimeOffset KeptUntil);
}

/// <summary>An account as it was last saved or read under its lock.</summary>
/// <param name="Account">The account, with all of its live grants.</param>
/// <param name="MissingDueAt">When the first of its open reservations falls due that were not read with it.</param>
internal readonly record struct SeenCreditAccount(CreditAccount Account, DateTimeOffset MissingDueAt);
