namespace PayPerUse.Credits;

/// <summary>What a <see cref="CreditCommand"/> asks for.</summary>
public enum CreditCommandKind
{
    /// <summary>Adds credits as a new grant.</summary>
    Grant = 1,

    /// <summary>Takes credits at once.</summary>
    Spend = 2,

    /// <summary>Sets credits aside while work runs.</summary>
    Reserve = 3,

    /// <summary>Takes what was set aside, whole or in part; the rest returns.</summary>
    Commit = 4,

    /// <summary>Returns what was set aside.</summary>
    Release = 5,

    /// <summary>Takes granted credits back (a refund, a dispute).</summary>
    Revoke = 6,

    /// <summary>Gives revoked credits back to their grant (a refund that failed).</summary>
    Restore = 7,

    /// <summary>Moves the deadline of an open reservation; changes no credits and writes no log entry.</summary>
    Renew = 8,

    /// <summary>Performs what is due (lapses, expiries) and nothing else; the sweeper's command.</summary>
    Settle = 9,
}

/// <summary>One change to one account, with an id made by the caller, which is its idempotency key within the account.</summary>
/// <remarks>
/// Make commands with the factory methods and submit them to <see cref="CreditLedger"/>. The fingerprint of an id is kind,
/// action, credits and target: the same id with the same fingerprint answers the first result, with another it is a conflict.
/// </remarks>
public sealed record CreditCommand
{
    /// <summary>The most credits one command may move: 10⁹.</summary>
    public const long MaxCredits = 1_000_000_000;

    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 160;

    /// <summary>The longest action or source, in characters.</summary>
    public const int MaxActionLength = 64;

    private CreditCommand(CreditCommandKind kind, AccountId account, string id, Guid attempt)
    {
        Kind = kind;
        Account = account;
        Id = id ?? "";
        Attempt = attempt;
    }

    /// <summary>What is asked for.</summary>
    public CreditCommandKind Kind { get; }

    /// <summary>Whose credits.</summary>
    public AccountId Account { get; }

    /// <summary>
    /// The idempotency key: 1 to 160 visible characters. For commit, release and renew it is the reservation's id;
    /// a settle has none.
    /// </summary>
    public string Id { get; }

    /// <summary>Tells one submission of an id from another. Kept when a batch is retried; new for each submission.</summary>
    public Guid Attempt { get; init; }

    /// <summary>Whole credits, 1 to 10⁹. A commit may take 0 up to what was reserved; null takes all of it.</summary>
    public long? Credits { get; private init; }

    /// <summary>What the credits are for (spend, reserve) or where they come from (grant, revoke, restore).</summary>
    public string Action { get; private init; } = "";

    /// <summary>The grant that a revoke or restore names.</summary>
    public string? GrantId { get; private init; }

    /// <summary>When a grant expires, to the millisecond; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>How long a reservation is kept from now (reserve, renew); null is the policy's default.</summary>
    public TimeSpan? ReservationTime { get; private init; }

    /// <summary>Adds credits. The id also names the grant, for ever.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key and the grant's id.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="source">Where they come from, such as a pack's id.</param>
    /// <param name="expiresAt">When they expire; null never.</param>
    public static CreditCommand Grant(
        AccountId account,
        string id,
        long credits,
        string source,
        DateTimeOffset? expiresAt = null
    ) =>
        new(CreditCommandKind.Grant, account, id, RandomIds.NewGuid())
        {
            Credits = credits,
            Action = source,
            ExpiresAt = expiresAt is { } at ? CreditTime.Floor(at) : null,
        };

    /// <summary>Takes credits at once.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What they are spent on.</param>
    public static CreditCommand Spend(AccountId account, string id, long credits, string action) =>
        new(CreditCommandKind.Spend, account, id, RandomIds.NewGuid()) { Credits = credits, Action = action };

    /// <summary>Sets credits aside while work runs.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key; it points to its current reservation.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What they are for.</param>
    /// <param name="time">How long they are kept; null is the policy's default (10 minutes).</param>
    public static CreditCommand Reserve(
        AccountId account,
        string id,
        long credits,
        string action,
        TimeSpan? time = null
    ) =>
        new(CreditCommandKind.Reserve, account, id, RandomIds.NewGuid())
        {
            Credits = credits,
            Action = action,
            ReservationTime = time,
        };

    /// <summary>Takes what was reserved.</summary>
    /// <param name="reservation">The reservation, with its attempt.</param>
    /// <param name="credits">0 up to what was reserved; null takes all of it.</param>
    public static CreditCommand Commit(ReservationId reservation, long? credits = null) =>
        new(CreditCommandKind.Commit, reservation.Account, reservation.Id, reservation.Attempt) { Credits = credits };

    /// <summary>Returns what was reserved.</summary>
    /// <param name="reservation">The reservation, with its attempt.</param>
    public static CreditCommand Release(ReservationId reservation) =>
        new(CreditCommandKind.Release, reservation.Account, reservation.Id, reservation.Attempt);

    /// <summary>Moves the deadline of an open reservation.</summary>
    /// <param name="reservation">The reservation, with its attempt.</param>
    /// <param name="time">How long from now; null is the policy's default.</param>
    public static CreditCommand Renew(ReservationId reservation, TimeSpan? time = null) =>
        new(CreditCommandKind.Renew, reservation.Account, reservation.Id, reservation.Attempt)
        {
            ReservationTime = time,
        };

    /// <summary>Takes granted credits back: first what is free of that grant, then other free credits, the rest is debt.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="credits">1 up to what was granted and not yet revoked.</param>
    /// <param name="reason">Why, such as <c>refund</c>.</param>
    public static CreditCommand Revoke(AccountId account, string id, string grantId, long credits, string reason) =>
        new(CreditCommandKind.Revoke, account, id, RandomIds.NewGuid())
        {
            Credits = credits,
            Action = reason,
            GrantId = grantId,
        };

    /// <summary>Gives revoked credits back to their grant, which keeps its expiry.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="credits">1 up to what was revoked of the grant.</param>
    /// <param name="reason">Why, such as <c>refund-failed</c>.</param>
    public static CreditCommand Restore(AccountId account, string id, string grantId, long credits, string reason) =>
        new(CreditCommandKind.Restore, account, id, RandomIds.NewGuid())
        {
            Credits = credits,
            Action = reason,
            GrantId = grantId,
        };

    /// <summary>Performs what is due on an account and nothing else.</summary>
    /// <param name="account">Whose credits.</param>
    public static CreditCommand Settle(AccountId account) =>
        new(CreditCommandKind.Settle, account, "", RandomIds.NewGuid());

    /// <summary>Says what is wrong with this command, naming the field and the fix; null when nothing is.</summary>
    public string? Validate()
    {
        if (Account.IsDefault)
        {
            return "account: missing; make it with new AccountId(owner).";
        }

        if (Kind == CreditCommandKind.Settle)
        {
            return null;
        }

        if (!IsName(Id, MaxIdLength))
        {
            return $"id: must have 1 to {MaxIdLength} visible characters.";
        }

        if (Attempt == Guid.Empty)
        {
            return "attempt: must not be empty.";
        }

        if (ReservationTime is { } time && (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromDays(7)))
        {
            return "time: a reservation is kept between 1 second and 7 days.";
        }

        switch (Kind)
        {
            case CreditCommandKind.Release or CreditCommandKind.Renew:
                return null;
            case CreditCommandKind.Commit:
                return Credits is < 0 or > MaxCredits ? $"credits: must be between 0 and {MaxCredits}." : null;
        }

        if (Credits is not (>= 1 and <= MaxCredits))
        {
            return $"credits: must be a whole number between 1 and {MaxCredits}.";
        }

        if (!IsName(Action, MaxActionLength))
        {
            return $"action: must have 1 to {MaxActionLength} visible characters.";
        }

        if (Kind is CreditCommandKind.Revoke or CreditCommandKind.Restore && !IsName(GrantId, MaxIdLength))
        {
            return $"grantId: must have 1 to {MaxIdLength} visible characters.";
        }

        return null;
    }

    private static bool IsName(string? text, int maxLength) =>
        text is { Length: > 0 } && text.Length <= maxLength && CreditText.IsVisible(text);
}

/// <summary>Names one reservation and the attempt that made it, so that no other attempt can commit or release it.</summary>
/// <param name="Account">Whose credits.</param>
/// <param name="Id">The id of the reserve command.</param>
/// <param name="Attempt">The attempt of the reserve command.</param>
public readonly record struct ReservationId(AccountId Account, string Id, Guid Attempt);
