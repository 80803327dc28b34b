using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Accounts;

/// <summary>
/// Deletes what is kept of an account: answers that were paid for, and what the app keeps itself (<see cref="IAccountData"/>), also of
/// accounts that were merged into it. Credits and payments, which bookkeeping needs, stay under an id that leads to nobody any more.
/// </summary>
/// <param name="checkout">Calls off what could still be paid.</param>
/// <param name="ledger">Knows whether something is being made, and which accounts were merged.</param>
/// <param name="answers">Where paid answers are kept.</param>
/// <param name="scopes">Makes the app's <see cref="IAccountData"/>.</param>
public sealed class AccountDeletion(
    CheckoutService checkout,
    CreditLedger ledger,
    IAnswerStore answers,
    IServiceScopeFactory scopes
)
{
    /// <summary>
    /// Calls off what can still be paid and then deletes, what was registered last first. Nothing is deleted while a payment stands in
    /// the way, because its credits would be granted to an account that nobody can use, nor while something is being made, because it
    /// would be kept afterwards.
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="cancellationToken">Ends it; ask again.</param>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    /// <exception cref="AnswerStoreException">The store of kept answers did not answer.</exception>
    public async Task<AccountDeletionResult> DeleteAsync(
        AccountId account,
        CancellationToken cancellationToken = default
    )
    {
        var left = await checkout.CancelAllAsync(account, cancellationToken).ConfigureAwait(false);
        if (!left.IsEmpty)
        {
            return new AccountDeletionResult(AccountDeletionStatus.PaymentsUnderWay) { Payments = left };
        }

        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        if (balance.Reserved > 0)
        {
            return new AccountDeletionResult(AccountDeletionStatus.WorkUnderWay);
        }

        var merged = await ledger.FindAllMergedAsync(account, cancellationToken).ConfigureAwait(false);
        ImmutableArray<AccountId> all = [account, .. merged];
        await answers.RemoveAsync(all, cancellationToken).ConfigureAwait(false);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            foreach (var data in scope.ServiceProvider.GetServices<IAccountData>().Reverse())
            {
                foreach (var owner in all.Select(a => a.Owner))
                {
                    await data.DeleteAsync(owner, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return new AccountDeletionResult(AccountDeletionStatus.Deleted);
    }
}
