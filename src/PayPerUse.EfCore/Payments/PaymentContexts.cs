using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Payments;

/// <summary>Runs work of the payment stores in a context of their own, and turns the database's exceptions into ours.</summary>
internal static class PaymentContexts
{
    public static async Task<T> RunAsync<T>(this IContextSource contexts, Func<DbContext, Task<T>> work)
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
            throw DatabaseFailure.ToPaymentStoreException(e);
        }
    }
}
