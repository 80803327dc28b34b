using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Between rows and the rules' own types.</summary>
internal static class CreditRowMapping
{
    public static CreditAccount ToAccount(
        this CreditAccountRow row,
        IEnumerable<CreditGrantRow> grants,
        IEnumerable<CreditReservationRow> reservations
    )
    {
        var account = new CreditAccount
        {
            Id = AccountId.Parse(row.Account),
            Free = row.Free,
            Reserved = row.Reserved,
            Debt = row.Debt,
            RateWindowStart = ToInstant(row.RateWindowStart),
            RateCount = row.RateCount,
            LastTime = ToInstant(row.LastTime),
            Sequence = row.Sequence,
            Version = row.Version,
            MergedInto = row.MergedInto is { } into ? AccountId.Parse(into) : null,
            Grants = [.. grants.Select(ToGrant).Order()],
        };
        var byId = reservations.ToArray();
        return byId.Length == 0
            ? account
            : account with
            {
                Reservations = account.Reservations.SetItems(
                    byId.Select(r => KeyValuePair.Create(r.OperationId, ToReservation(r)))
                ),
            };
    }

    public static CreditGrant ToGrant(this CreditGrantRow row) =>
        new()
        {
            Id = row.GrantId,
            Source = row.Source,
            Credits = row.Credits,
            Free = row.Free,
            Reserved = row.Reserved,
            Revoked = row.Revoked,
            GrantedAt = ToInstant(row.GrantedAt),
            ExpiresAt = ToInstant(row.ExpiresAt),
            UsableUntil = ToInstant(row.UsableUntil),
        };

    public static CreditReservation ToReservation(this CreditReservationRow row) =>
        new()
        {
            Id = row.OperationId,
            Attempt = row.Attempt,
            Action = row.Action,
            Credits = row.Credits,
            Committed = row.Committed,
            State = (ReservationState)row.State,
            ReservedAt = ToInstant(row.ReservedAt),
            Deadline = ToInstant(row.Deadline),
            BalanceAfter = row.BalanceAfter,
            BalanceAtEnd = row.BalanceAtEnd,
            EndedAt = ToInstant(row.EndedAt),
            Burns = GrantChangesText.Read(row.Burns),
        };

    public static CreditEntry ToEntry(this CreditEntryRow row) =>
        new()
        {
            Sequence = row.Sequence,
            OperationId = row.OperationId,
            Attempt = row.Attempt,
            Kind = (CreditEntryKind)row.Kind,
            Action = row.Action,
            Credits = row.Credits,
            Balance = row.Balance,
            Target = row.Target,
            Grants = GrantChangesText.Read(row.Grants),
            At = ToInstant(row.At),
        };

    public static CreditAccountRow ToRow(this CreditAccount account) =>
        new()
        {
            Account = account.Id.Value,
            Free = account.Free,
            Reserved = account.Reserved,
            Debt = account.Debt,
            RateWindowStart = ToMilliseconds(account.RateWindowStart),
            RateCount = account.RateCount,
            LastTime = ToMilliseconds(account.LastTime),
            Sequence = account.Sequence,
            Version = account.Version,
            MergedInto = account.MergedInto?.Value,
        };

    public static CreditGrantRow ToRow(this CreditGrant grant, AccountId account) =>
        new()
        {
            Account = account.Value,
            GrantId = grant.Id,
            Source = grant.Source,
            Credits = grant.Credits,
            Free = grant.Free,
            Reserved = grant.Reserved,
            Revoked = grant.Revoked,
            GrantedAt = ToMilliseconds(grant.GrantedAt),
            ExpiresAt = ToMilliseconds(grant.ExpiresAt),
            UsableUntil = ToMilliseconds(grant.UsableUntil),
            IsLive = grant.IsLive(),
        };

    public static CreditReservationRow ToRow(this CreditReservation reservation, AccountId account) =>
        new()
        {
            Account = account.Value,
            OperationId = reservation.Id,
            Attempt = reservation.Attempt,
            Action = reservation.Action,
            Credits = reservation.Credits,
            Committed = reservation.Committed,
            State = (short)reservation.State,
            ReservedAt = ToMilliseconds(reservation.ReservedAt),
            Deadline = ToMilliseconds(reservation.Deadline),
            BalanceAfter = reservation.BalanceAfter,
            BalanceAtEnd = reservation.BalanceAtEnd,
            EndedAt = ToMilliseconds(reservation.EndedAt),
            Burns = GrantChangesText.Write(reservation.Burns),
        };

    public static CreditEntryRow ToRow(this CreditEntry entry, AccountId account) =>
        new()
        {
            Account = account.Value,
            Sequence = entry.Sequence,
            OperationId = entry.OperationId,
            Attempt = entry.Attempt,
            Kind = (short)entry.Kind,
            Action = entry.Action,
            Credits = entry.Credits,
            Balance = entry.Balance,
            Target = entry.Target,
            Grants = GrantChangesText.Write(entry.Grants),
            At = ToMilliseconds(entry.At),
        };

    /// <summary>Whether credits of it are free or reserved.</summary>
    public static bool IsLive(this CreditGrant grant) => grant.Free > 0 || grant.Reserved > 0;

    public static long ToMilliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static long? ToMilliseconds(DateTimeOffset? instant) => instant?.ToUnixTimeMilliseconds();

    private static DateTimeOffset ToInstant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? ToInstant(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
