using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>The contract's words; written out, so that renaming a member cannot change what clients read.</summary>
internal static class Names
{
    public static string Of(CreditEntryKind kind) =>
        kind switch
        {
            CreditEntryKind.Grant => "grant",
            CreditEntryKind.Spend => "spend",
            CreditEntryKind.Reserve => "reserve",
            CreditEntryKind.Commit => "commit",
            CreditEntryKind.Release => "release",
            CreditEntryKind.Revoke => "revoke",
            CreditEntryKind.Restore => "restore",
            CreditEntryKind.Lapse => "lapse",
            CreditEntryKind.Expire => "expire",
            CreditEntryKind.MergeIn => "merge-in",
            CreditEntryKind.MergeOut => "merge-out",
            CreditEntryKind.MergeDebt => "merge-debt",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of entry."),
        };

    public static string Of(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.Pending => "pending",
            PaymentStatus.Processing => "processing",
            PaymentStatus.Paid => "paid",
            PaymentStatus.Failed => "failed",
            PaymentStatus.Canceled => "canceled",
            PaymentStatus.Expired => "expired",
            PaymentStatus.Refunded => "refunded",
            PaymentStatus.Disputed => "disputed",
            PaymentStatus.Review => "review",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Unknown status of a payment."),
        };
}
