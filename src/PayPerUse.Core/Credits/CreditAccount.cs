using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>The state of one account as the rules see it: its row, its live grants, and the reservations in question.</summary>
/// <remarks>
/// A store loads at least: every grant with free or reserved credits, the grants that a batch names, every open reservation
/// whose deadline has passed, and the reservations that a batch names (see <see cref="CreditBatch"/>).
/// </remarks>
public sealed record CreditAccount
{
    private static readonly ImmutableDictionary<string, CreditReservation> NoReservations = ImmutableDictionary.Create<
        string,
        CreditReservation
    >(StringComparer.Ordinal);

    private readonly ImmutableDictionary<string, CreditReservation> _reservations = NoReservations;

    // Nearly every command is about one reservation, for which a dictionary would be the dearest part of it. So that one stands
    // beside the dictionary's, and instead of the one with its id, until somebody reads them all.
    private readonly CreditReservation? _single;

    /// <summary>Which account.</summary>
    public required AccountId Id { get; init; }

    /// <summary>Credits that can be spent or reserved.</summary>
    public long Free { get; init; }

    /// <summary>Credits set aside by open reservations.</summary>
    public long Reserved { get; init; }

    /// <summary>Credits taken back that had already been used. While there is debt, nothing is free.</summary>
    public long Debt { get; init; }

    /// <summary>When the current rate window began.</summary>
    public DateTimeOffset RateWindowStart { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>How many spends and reserves were applied in the current rate window.</summary>
    public int RateCount { get; init; }

    /// <summary>The time of the last change; time never runs backwards on an account.</summary>
    public DateTimeOffset LastTime { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The sequence of the last log entry; 0 when there is none.</summary>
    public long Sequence { get; init; }

    /// <summary>The account that this one was merged into, and by that closed; null while it is open.</summary>
    public AccountId? MergedInto { get; init; }

    /// <summary>Goes up by one with every saved change; 0 when the account has no row yet.</summary>
    public long Version { get; init; }

    /// <summary>Grants, in burn order.</summary>
    public ImmutableArray<CreditGrant> Grants { get; init; } = [];

    /// <summary>Reservations by their id.</summary>
    public ImmutableDictionary<string, CreditReservation> Reservations
    {
        get => _single is null ? _reservations : _reservations.SetItem(_single.Id, _single);
        init => (_reservations, _single) = (value, null);
    }

    /// <summary>Free credits minus debt. Excludes what is reserved; negative only after a revoke.</summary>
    public long Balance => Free - Debt;

    /// <summary>Adds reservations; one takes the place of an earlier one with its id.</summary>
    internal ReservationSet ReservationChanges
    {
        init =>
            (_reservations, _single) =
                value.IsEmpty ? (_reservations, _single)
                : value.Only is { } only && (_single is null || _single.Id == only.Id) ? (_reservations, only)
                : (value.AddTo(Reservations), null);
    }

    /// <summary>The reservation, when there is exactly one and it is at hand.</summary>
    internal CreditReservation? OnlyReservation => _reservations.IsEmpty ? _single : null;

    internal bool HasReservations => _single is not null || !_reservations.IsEmpty;

    /// <summary>An account that has no row yet.</summary>
    /// <param name="id">Which account.</param>
    public static CreditAccount Empty(AccountId id) => new() { Id = id };

    internal CreditReservation? FindReservation(string id) =>
        _single is not null && string.Equals(_single.Id, id, StringComparison.Ordinal)
            ? _single
            : _reservations.GetValueOrDefault(id);
}

/// <summary>One grant of credits and what is left of it.</summary>
public sealed record CreditGrant : IComparable<CreditGrant>
{
    /// <summary>The id of the grant command.</summary>
    public required string Id { get; init; }

    /// <summary>Where the credits come from.</summary>
    public required string Source { get; init; }

    /// <summary>How many were granted.</summary>
    public required long Credits { get; init; }

    /// <summary>How many can be spent.</summary>
    public required long Free { get; init; }

    /// <summary>How many are set aside by open reservations.</summary>
    public long Reserved { get; init; }

    /// <summary>How many were taken back, net of what was restored.</summary>
    public long Revoked { get; init; }

    /// <summary>When it was granted.</summary>
    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>When it expires, as granted; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Until when its credits can be used: <see cref="ExpiresAt"/>, or once a grace period later when credits came back after
    /// it had expired; null for ever.
    /// </summary>
    public DateTimeOffset? UsableUntil { get; init; }

    /// <summary>Burn order: the grant that expires first, then the older, then the smaller id.</summary>
    /// <param name="other">The other grant.</param>
    public int CompareTo(CreditGrant? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byExpiry = (UsableUntil ?? DateTimeOffset.MaxValue).CompareTo(other.UsableUntil ?? DateTimeOffset.MaxValue);
        if (byExpiry != 0)
        {
            return byExpiry;
        }

        var byAge = GrantedAt.CompareTo(other.GrantedAt);
        return byAge != 0 ? byAge : string.CompareOrdinal(Id, other.Id);
    }

    /// <summary>Whether the left grant burns first.</summary>
    public static bool operator <(CreditGrant left, CreditGrant right) =>
        Comparer<CreditGrant>.Default.Compare(left, right) < 0;

    /// <summary>Whether the left grant burns first or is the same.</summary>
    public static bool operator <=(CreditGrant left, CreditGrant right) =>
        Comparer<CreditGrant>.Default.Compare(left, right) <= 0;

    /// <summary>Whether the left grant burns last.</summary>
    public static bool operator >(CreditGrant left, CreditGrant right) =>
        Comparer<CreditGrant>.Default.Compare(left, right) > 0;

    /// <summary>Whether the left grant burns last or is the same.</summary>
    public static bool operator >=(CreditGrant left, CreditGrant right) =>
        Comparer<CreditGrant>.Default.Compare(left, right) >= 0;
}

/// <summary>Where a reservation stands.</summary>
public enum ReservationState
{
    /// <summary>The credits are set aside.</summary>
    Open = 1,

    /// <summary>The credits were taken.</summary>
    Committed = 2,

    /// <summary>The credits went back.</summary>
    Released = 3,

    /// <summary>The deadline passed and the credits went back.</summary>
    Lapsed = 4,
}

/// <summary>Credits set aside for work that runs. An id points to its current reservation; each attempt makes its own.</summary>
public sealed record CreditReservation
{
    /// <summary>The id of the reserve command.</summary>
    public required string Id { get; init; }

    /// <summary>The attempt that made it.</summary>
    public required Guid Attempt { get; init; }

    /// <summary>What it is for.</summary>
    public required string Action { get; init; }

    /// <summary>How many credits were set aside.</summary>
    public required long Credits { get; init; }

    /// <summary>How many were taken at commit.</summary>
    public long Committed { get; init; }

    /// <summary>Where it stands.</summary>
    public required ReservationState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset ReservedAt { get; init; }

    /// <summary>When it lapses, while open.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The balance right after it was made.</summary>
    public required long BalanceAfter { get; init; }

    /// <summary>The balance right after it was committed, released or lapsed; 0 while open.</summary>
    public long BalanceAtEnd { get; init; }

    /// <summary>When it was committed, released or lapsed; null while open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Which grants it holds credits of, in burn order; credits positive.</summary>
    public required ImmutableArray<GrantChange> Burns { get; init; }

    /// <summary>Names this reservation for commit, release and renew.</summary>
    /// <param name="account">Its account.</param>
    public ReservationId ToId(AccountId account) => new(account, Id, Attempt);
}

/// <summary>How many credits of one grant an entry moved.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Credits">Credits; in a log entry signed by what it did to the grant's free credits.</param>
public readonly record struct GrantChange(string GrantId, long Credits);
