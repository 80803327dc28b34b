using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Finds out how much of one payment's credits is still free.</summary>
internal static class UnspentCredits
{
    /// <summary>The free credits of the payment's own grant: other credits of the account, such as gifts, are not money.</summary>
    public static long Of(Payment payment, CreditBalance balance, DateTimeOffset now) =>
        payment.GrantedAt is null || payment.PaidAt + payment.Lifetime <= now
            ? 0
            : balance.Grants.FirstOrDefault(g => g.Id == payment.GrantId)?.Free ?? 0;
}
