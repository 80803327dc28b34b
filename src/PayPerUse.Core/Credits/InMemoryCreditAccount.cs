using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PayPerUse.Credits;

/// <summary>One account of <see cref="InMemoryCreditStore"/>: what it loads for a batch, and what it keeps of one.</summary>
/// <remarks>
/// A command costs a few look-ups, however long the log, however many reservations are open and however many grants were used up;
/// and what is kept of it is a line of the log, a line for a reservation that ended, and the id.
/// </remarks>
internal sealed partial class InMemoryCreditAccount(AccountId id)
{
    private static readonly ImmutableDictionary<string, CreditReservation> NoReservations = CreditAccount
        .Empty(default)
        .Reservations;

    private readonly Dictionary<string, Named> _named = new(StringComparer.Ordinal);
    private readonly PiecewiseList<EndedReservation> _ended = new();
    private readonly List<string> _wanted = [];
    private ReservationSet _open;

    // No open reservation has an earlier deadline. It may be too early, never too late.
    private DateTimeOffset _nextLapse = DateTimeOffset.MaxValue;

    /// <summary>The account with its live grants. Reservations of it are not to be relied on.</summary>
    public CreditAccount Row { get; private set; } = CreditAccount.Empty(id);

    public InMemoryCreditLog Log { get; } = new();

    /// <summary>Notes that the next load is to bring what this id names.</summary>
    public void Want(string name) => _wanted.Add(name);

    /// <summary>The account as the names that were noted need it, and the entries that they stand for.</summary>
    public LoadedCreditAccount Load(DateTimeOffset now)
    {
        var grants = Row.Grants;
        var reservations = default(ReservationSet);
        List<CreditEntry>? known = null;
        foreach (var name in _wanted)
        {
            if (Find(name, ref grants, ref reservations) is { } entry)
            {
                (known ??= []).Add(entry);
            }
        }

        _wanted.Clear();
        return new LoadedCreditAccount(With(grants, reservations, now), known ?? []);
    }

    /// <summary>The account as one command needs it, and the entry that its id stands for.</summary>
    public CreditAccount Load(CreditCommand command, DateTimeOffset now, out CreditEntry? known)
    {
        var grants = Row.Grants;
        var reservations = default(ReservationSet);
        known = Find(command.Id, ref grants, ref reservations);
        if (command.GrantId is { } grant && !string.Equals(grant, command.Id, StringComparison.Ordinal))
        {
            Find(grant, ref grants, ref reservations);
        }

        return With(grants, reservations, now);
    }

    /// <summary>The account with all its open reservations.</summary>
    public CreditAccount LoadLive() => Row with { Reservations = _open.AddTo(NoReservations) };

    /// <summary>The account with all its grants, used up or not, and all its open reservations.</summary>
    public CreditAccount LoadWhole() => LoadLive() with { Grants = [.. AllGrants()] };

    public CreditAuditAccount Audit() =>
        new(Row.Id.Value)
        {
            Row = Row with { Grants = [], Reservations = NoReservations },
            Grants = [.. AllGrants()],
            Open = _open.ToArray(),
            Checkpoint = _checkpoint,
        };

    public bool HasDue(DateTimeOffset now) =>
        (_nextLapse <= now && _open.ToArray().Any(r => r.Deadline <= now))
        || Row.Grants.Any(g => g is { Free: > 0, UsableUntil: { } until } && until <= now);

    public void Save(CreditAccountChange change)
    {
        Row = AreLive(change.After.Grants)
            ? change.After
            : change.After with
            {
                Grants = change.After.Grants.RemoveAll(static g => !IsLive(g)),
            };
        foreach (var grant in change.Grants)
        {
            NamedBy(grant.Id).Grant = grant;
        }

        foreach (var reservation in change.Reservations)
        {
            if (reservation.State == ReservationState.Open)
            {
                _open.Set(reservation);
                _nextLapse = reservation.Deadline < _nextLapse ? reservation.Deadline : _nextLapse;
            }
            else
            {
                _open.Remove(reservation.Id);
                _ended.Add(new EndedReservation(reservation));
                NamedBy(reservation.Id).Ended = _ended.Count;
            }
        }

        foreach (var entry in change.Entries)
        {
            Log.Append(entry);
            if (entry.IsIdempotencyKey)
            {
                NamedBy(entry.OperationId).Sequence = Log.Length;
            }
        }
    }

    private IEnumerable<CreditGrant> AllGrants() => _named.Values.Select(n => n.Grant).OfType<CreditGrant>().Order();

    private static bool AreLive(ImmutableArray<CreditGrant> grants)
    {
        foreach (var grant in grants)
        {
            if (!IsLive(grant))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsLive(CreditGrant grant) => grant.Free > 0 || grant.Reserved > 0;

    /// <summary>Adds the grant and the reservation of a name; answers its entry.</summary>
    private CreditEntry? Find(string name, ref ImmutableArray<CreditGrant> grants, ref ReservationSet reservations)
    {
        var open = _open.Find(name);
        if (open is not null)
        {
            reservations.Set(open);
        }

        if (!_named.TryGetValue(name, out var named))
        {
            return null;
        }

        if (named.Grant is { } grant && !IsLive(grant))
        {
            grants = grants.Add(grant);
        }

        if (open is null && named.Ended > _ended.Removed)
        {
            reservations.Set(_ended[named.Ended - 1].ToReservation(name));
        }

        return named.Sequence == 0 ? null
            : named.Sequence > Log.Folded ? Log[named.Sequence]
            : _folded[name];
    }

    private CreditAccount With(ImmutableArray<CreditGrant> grants, ReservationSet reservations, DateTimeOffset now)
    {
        AddLapsing(ref reservations, now > Row.LastTime ? now : Row.LastTime);
        var isLoaded = reservations.IsEmpty
            ? !Row.HasReservations
            : reservations.Only is { } only && ReferenceEquals(only, Row.OnlyReservation);
        return isLoaded && grants == Row.Grants
            ? Row
            : Row with
            {
                Grants = grants.Length > Row.Grants.Length ? grants.Sort() : grants,
                Reservations = NoReservations,
                ReservationChanges = reservations,
            };
    }

    private ref Named NamedBy(string name) => ref CollectionsMarshal.GetValueRefOrAddDefault(_named, name, out _)!;

    private void AddLapsing(ref ReservationSet reservations, DateTimeOffset time)
    {
        if (time < _nextLapse)
        {
            return;
        }

        _nextLapse = DateTimeOffset.MaxValue;
        foreach (var reservation in _open.ToArray())
        {
            // Those that lapse now count too: they are open until the change is saved.
            _nextLapse = reservation.Deadline < _nextLapse ? reservation.Deadline : _nextLapse;
            if (reservation.Deadline <= time)
            {
                reservations.Set(reservation);
            }
        }
    }

    /// <summary>What one id stands for, besides an open reservation.</summary>
    private struct Named
    {
        public CreditGrant? Grant;

        /// <summary>The place of the reservation that ended last, from 1; 0 for none.</summary>
        public int Ended;

        /// <summary>The entry's sequence; 0 for none.</summary>
        public int Sequence;
    }

    private readonly struct EndedReservation(CreditReservation reservation)
    {
        private readonly string _action = reservation.Action;
        private readonly CompactGrantChanges _burns = new(reservation.Burns);
        private readonly Guid _attempt = reservation.Attempt;
        private readonly long _credits = reservation.Credits;
        private readonly long _committed = reservation.Committed;
        private readonly long _reservedAt = reservation.ReservedAt.UtcTicks;
        private readonly long _deadline = reservation.Deadline.UtcTicks;
        private readonly long _endedAt = reservation.EndedAt!.Value.UtcTicks;
        private readonly long _balanceAfter = reservation.BalanceAfter;
        private readonly long _balanceAtEnd = reservation.BalanceAtEnd;
        private readonly ReservationState _state = reservation.State;

        public bool EndedAfter(DateTimeOffset at) => _endedAt > at.UtcTicks;

        public CreditReservation ToReservation(string id) =>
            new()
            {
                Id = id,
                Attempt = _attempt,
                Action = _action,
                Credits = _credits,
                Committed = _committed,
                State = _state,
                ReservedAt = new DateTimeOffset(_reservedAt, TimeSpan.Zero),
                Deadline = new DateTimeOffset(_deadline, TimeSpan.Zero),
                BalanceAfter = _balanceAfter,
                BalanceAtEnd = _balanceAtEnd,
                EndedAt = new DateTimeOffset(_endedAt, TimeSpan.Zero),
                Burns = _burns.ToArray(),
            };
    }
}
