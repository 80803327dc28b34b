using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Payments;

/// <summary>Runs work of the payment stores in a context of their own, and turns the database's exceptions into ours.</summary>
internal static class PaymentContexts
{
    public static Task<T> RunAsync<T>(this IContextSource contexts, Func<DbContext, Task<T>> work) =>
        contexts.RunAsync(work, DatabaseFailure.ToPaymentStoreException);

    /// <summary>The same for another family of stores, which names its own exception.</summary>
    public static async Task<T> RunAsync<T>(
        this IContextSource contexts,
        Func<DbContext, Task<T>> work,
        Func<Exception, PayPerUseException> toOurs
    )
    {
        try
        {
            return await NoAmbientTransaction
                .RunAsync(async () =>
                {
                    var lease = contexts.Lease();
                    await using (lease.ConfigureAwait(false))
                    {
                        return await work(lease.Context).ConfigureAwait(false);
                    }
                })
                .ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw toOurs(e);
        }
    }
}
