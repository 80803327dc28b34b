using System.Transactions;

namespace PayPerUse.EfCore;

/// <summary>Keeps the stores out of a <see cref="TransactionScope"/> of the app: a debit that its rollback undoes is none.</summary>
internal static class NoAmbientTransaction
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        if (Transaction.Current is null)
        {
            return await work().ConfigureAwait(false);
        }

        using var scope = new TransactionScope(
            TransactionScopeOption.Suppress,
            TransactionScopeAsyncFlowOption.Enabled
        );
        var result = await work().ConfigureAwait(false);
        scope.Complete();
        return result;
    }
}
