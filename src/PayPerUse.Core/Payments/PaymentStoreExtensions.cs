namespace PayPerUse.Payments;

/// <summary>Finds the payment that a provider speaks of, by whichever id it gives.</summary>
internal static class PaymentStoreExtensions
{
    /// <summary>Our id is believed only for a payment of that provider.</summary>
    public static async Task<Payment?> FindAsync(
        this IPaymentStore store,
        string provider,
        string? paymentId,
        string? providerPaymentId,
        string? chargeId,
        CancellationToken cancellationToken
    )
    {
        if (
            paymentId is not null
            && await store.FindAsync(paymentId, cancellationToken).ConfigureAwait(false) is { } ours
            && string.Equals(ours.Provider, provider, StringComparison.Ordinal)
        )
        {
            return ours;
        }

        if (
            providerPaymentId is not null
            && await store.FindByProviderAsync(provider, providerPaymentId, cancellationToken).ConfigureAwait(false)
                is { } theirs
        )
        {
            return theirs;
        }

        return chargeId is null
            ? null
            : await store.FindByChargeAsync(provider, chargeId, cancellationToken).ConfigureAwait(false);
    }
}
