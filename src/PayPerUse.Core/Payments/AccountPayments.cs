using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>
/// The payments that an account may see: its own and those of accounts that were merged into it. A payment's account never
/// changes; whose it is now is found by following the merge.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="pages">Lists them.</param>
/// <param name="ledger">Knows which accounts were merged.</param>
public sealed class AccountPayments(IPaymentStore store, IPaymentPages pages, CreditLedger ledger)
{
    /// <summary>Finds a payment by our id, if this account may see it.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="id">Our id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The payment; null when there is none, or it is somebody else's.</returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<Payment?> FindAsync(AccountId account, string id, CancellationToken cancellationToken = default)
    {
        var payment = await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        return payment is not null && await IsOfAsync(payment, account, cancellationToken).ConfigureAwait(false)
            ? payment
            : null;
    }

    /// <summary>Whether an account may see a payment.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="account">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<bool> IsOfAsync(Payment payment, AccountId account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payment);

        // An account that was merged has no payments any more, not even its own: an old copy of a guest's cookie sees nothing.
        return await ledger.FindCurrentAsync(payment.Account, cancellationToken).ConfigureAwait(false) == account;
    }

    /// <summary>Lists an account's payments and those of accounts that were merged into it, newest first.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public Task<ImmutableArray<Payment>> ListAsync(
        AccountId account,
        int limit,
        CancellationToken cancellationToken = default
    ) => ListAsync(account, null, limit, cancellationToken);

    /// <summary>Lists a page of an account's payments and those of accounts that were merged into it, newest first.</summary>
    /// <param name="account">Who asks.</param>
    /// <param name="before">The last one of the page before; null from the newest.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<ImmutableArray<Payment>> ListAsync(
        AccountId account,
        PaymentPosition? before,
        int limit,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (await ledger.FindCurrentAsync(account, cancellationToken).ConfigureAwait(false) != account)
        {
            return [];
        }

        var merged = await ledger.FindAllMergedAsync(account, cancellationToken).ConfigureAwait(false);
        return await pages
            .ListBeforeAsync([account, .. merged], before, limit, cancellationToken)
            .ConfigureAwait(false);
    }
}
