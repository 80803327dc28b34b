using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PayPerUse.Credits;

/// <summary>One account of <see cref="InMemoryCreditStore"/>: what it loads for a batch, and what it keeps of one.</summary>
/// <remarks>
/// A command costs a few look-ups, however long the log, however many reservations are open and however many grants were used up.
/// </remarks>
internal sealed class InMemoryCreditAccount(AccountId id)
{
    private static readonly ImmutableDictionary<string, CreditReservation> NoReservations = CreditAccount
        .Empty(default)
        .Reservations;

    private readonly Dictionary<string, Named> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CreditReservation> _open = new(StringComparer.Ordinal);
    private readonly List<CreditEntry> _log = [];
    private readonly List<string> _wanted = [];

    // No open reservation has an earlier deadline. It may be too early, never too late.
    private DateTimeOffset _nextLapse = DateTimeOffset.MaxValue;

    /// <summary>The account with its live grants, and no reservations.</summary>
    public CreditAccount Row { get; private set; } = CreditAccount.Empty(id);

    public int LogLength => _log.Count;

    public List<CreditEntry> ReadLog(int start, int count) => _log.GetRange(start, count);

    /// <summary>Notes that the next load is to bring what this id names.</summary>
    public void Want(string name) => _wanted.Add(name);

    public LoadedCreditAccount Load(DateTimeOffset now)
    {
        var grants = Row.Grants;
        var reservations = NoReservations;
        List<CreditEntry>? known = null;
        foreach (var name in _wanted)
        {
            if (!_named.TryGetValue(name, out var named))
            {
                continue;
            }

            if (named.Grant is { } grant && !IsLive(grant))
            {
                grants = grants.Add(grant);
            }

            if (named.Reservation is { } reservation)
            {
                reservations = reservations.SetItem(name, reservation);
            }

            if (named.Entry is { } entry)
            {
                (known ??= []).Add(entry);
            }
        }

        _wanted.Clear();
        reservations = AddLapsing(reservations, now > Row.LastTime ? now : Row.LastTime);
        return new LoadedCreditAccount(With(grants.Length > Row.Grants.Length ? grants.Sort() : grants), known ?? []);

        CreditAccount With(ImmutableArray<CreditGrant> loaded) =>
            loaded == Row.Grants && reservations.IsEmpty
                ? Row
                : Row with
                {
                    Grants = loaded,
                    Reservations = reservations,
                };
    }

    /// <summary>The account with all its open reservations.</summary>
    public CreditAccount LoadLive() => Row with { Reservations = NoReservations.SetItems(_open) };

    public CreditAuditAccount Audit() =>
        new(Row.Id.Value)
        {
            Row = Row with { Grants = [] },
            Grants = [.. _named.Values.Select(n => n.Grant).OfType<CreditGrant>().Order()],
            Open = [.. _open.Values],
        };

    public bool HasDue(DateTimeOffset now) =>
        (_nextLapse <= now && _open.Values.Any(r => r.Deadline <= now))
        || Row.Grants.Any(g => g is { Free: > 0, UsableUntil: { } until } && until <= now);

    public void Save(CreditAccountChange change)
    {
        var grants = change.After.Grants;
        Row = change.After with
        {
            Grants = grants.All(IsLive) ? grants : grants.RemoveAll(g => !IsLive(g)),
            Reservations = NoReservations,
        };
        foreach (var grant in change.Grants)
        {
            NamedBy(grant.Id).Grant = grant;
        }

        foreach (var reservation in change.Reservations)
        {
            NamedBy(reservation.Id).Reservation = reservation;
            if (reservation.State != ReservationState.Open)
            {
                _open.Remove(reservation.Id);
                continue;
            }

            _open[reservation.Id] = reservation;
            _nextLapse = reservation.Deadline < _nextLapse ? reservation.Deadline : _nextLapse;
        }

        foreach (var entry in change.Entries)
        {
            _log.Add(entry);
            if (entry.IsIdempotencyKey)
            {
                NamedBy(entry.OperationId).Entry = entry;
            }
        }
    }

    private static bool IsLive(CreditGrant grant) => grant.Free > 0 || grant.Reserved > 0;

    private ref Named NamedBy(string name) => ref CollectionsMarshal.GetValueRefOrAddDefault(_named, name, out _)!;

    private ImmutableDictionary<string, CreditReservation> AddLapsing(
        ImmutableDictionary<string, CreditReservation> reservations,
        DateTimeOffset time
    )
    {
        if (time < _nextLapse)
        {
            return reservations;
        }

        _nextLapse = DateTimeOffset.MaxValue;
        foreach (var (name, reservation) in _open)
        {
            // Those that lapse now count too: they are open until the change is saved.
            _nextLapse = reservation.Deadline < _nextLapse ? reservation.Deadline : _nextLapse;
            if (reservation.Deadline <= time)
            {
                reservations = reservations.SetItem(name, reservation);
            }
        }

        return reservations;
    }

    /// <summary>What one id stands for.</summary>
    private struct Named
    {
        public CreditGrant? Grant;
        public CreditReservation? Reservation;
        public CreditEntry? Entry;
    }
}
