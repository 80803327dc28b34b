using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Payments;

/// <summary>The withdrawals of an account, for a page that offers them together.</summary>
/// <param name="payments">The account's payments.</param>
/// <param name="withdrawals">Quotes and confirms each.</param>
/// <param name="ledger">Knows which credits are unspent.</param>
public sealed class AccountWithdrawals(AccountPayments payments, WithdrawalService withdrawals, CreditLedger ledger)
{
    private const int MaxPayments = 100;

    /// <summary>What a customer would get back now, payment by payment, newest first: those of the newest 100 that are open.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<ImmutableArray<WithdrawalQuote>> QuoteAsync(
        AccountId account,
        CancellationToken cancellationToken
    )
    {
        var newest = await payments.ListAsync(account, MaxPayments, cancellationToken).ConfigureAwait(false);
        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        return [.. newest.Select(p => withdrawals.Quote(p, balance)).OfType<WithdrawalQuote>().Where(q => q.IsOpen)];
    }

    /// <summary>Withdraws payments, each with the amount that was shown.</summary>
    /// <param name="account">Whose; another account's payment is <see cref="WithdrawalStatus.NotFound"/>.</param>
    /// <param name="shown">
    /// The amount that the customer agreed to, in minor units, by our id of the payment; where it is another by now, nothing happens
    /// (<see cref="WithdrawalStatus.Changed"/>).
    /// </param>
    /// <param name="cancellationToken">Ends the wait; what has begun is finished all the same.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    public async Task<ImmutableArray<WithdrawalResult>> ConfirmAsync(
        AccountId account,
        IReadOnlyDictionary<string, long> shown,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(shown);
        var results = ImmutableArray.CreateBuilder<WithdrawalResult>(shown.Count);
        foreach (var (id, cents) in shown)
        {
            var payment = await payments.FindAsync(account, id, cancellationToken).ConfigureAwait(false);
            results.Add(
                payment is null ? new WithdrawalResult(WithdrawalStatus.NotFound)
                : cents < 0 ? new WithdrawalResult(WithdrawalStatus.Changed, payment)
                : await withdrawals
                    .ConfirmAsync(id, new Money(cents, payment.Price.Currency), cancellationToken)
                    .ConfigureAwait(false)
            );
        }

        return results.MoveToImmutable();
    }
}
