using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>Finds out how much of one payment's credits is still free.</summary>
internal static class UnspentCredits
{
    /// <summary>The free credits of the payment's own grant: other credits of the account, such as gifts, are not money.</summary>
    public static async Task<long> ReadAsync(
        CreditLedger ledger,
        Payment payment,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (payment.GrantedAt is null || payment.PaidAt + payment.Lifetime <= now)
        {
            return 0;
        }

        var account = await ledger.FindCurrentAsync(payment.Account, cancellationToken).ConfigureAwait(false);
        var read = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        return read.Grants.FirstOrDefault(g => g.Id == payment.GrantId)?.Free ?? 0;
    }
}
