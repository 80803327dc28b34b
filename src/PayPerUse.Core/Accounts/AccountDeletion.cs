using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Accounts;

/// <summary>
/// Deletes what an app keeps of an account (<see cref="IAccountData"/>). Credits and payments, which bookkeeping needs, stay under an id
/// that leads to nobody any more.
/// </summary>
/// <param name="checkout">Calls off what could still be paid.</param>
/// <param name="scopes">Makes the app's <see cref="IAccountData"/>.</param>
public sealed class AccountDeletion(CheckoutService checkout, IServiceScopeFactory scopes)
{
    /// <summary>
    /// Calls off what can still be paid and then deletes, what was registered last first. Nothing is deleted while a payment stands in
    /// the way: its credits would be granted to an account that nobody can use.
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="cancellationToken">Ends it; ask again.</param>
    /// <returns>
    /// Empty when all is deleted. Else nothing is, and these are the payments that could not be called off: paid after all, which does
    /// not stand in the way when it is asked again, or of a provider that does not answer.
    /// </returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    /// <exception cref="CreditStoreException">The credit store did not answer: a payment turned out to be paid.</exception>
    public async Task<ImmutableArray<Payment>> DeleteAsync(
        AccountId account,
        CancellationToken cancellationToken = default
    )
    {
        var left = await checkout.CancelAllAsync(account, cancellationToken).ConfigureAwait(false);
        if (!left.IsEmpty)
        {
            return left;
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            foreach (var data in scope.ServiceProvider.GetServices<IAccountData>().Reverse())
            {
                await data.DeleteAsync(account.Owner, cancellationToken).ConfigureAwait(false);
            }
        }

        return [];
    }
}
