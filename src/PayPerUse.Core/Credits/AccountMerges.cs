using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Credits;

/// <summary>Merges accounts whole: the credits, and then what the app keeps of its own.</summary>
/// <param name="ledger">Where credits are.</param>
/// <param name="scopes">Makes the app's <see cref="IAccountMergeHandler"/>s.</param>
public sealed class AccountMerges(CreditLedger ledger, IServiceScopeFactory scopes)
{
    /// <summary>
    /// Merges one account into another and calls the app's handlers. Asked for again, it calls them again, so that one that failed is
    /// made good.
    /// </summary>
    /// <param name="source">The account to close.</param>
    /// <param name="target">The account that takes it over.</param>
    /// <param name="cancellationToken">Gives up; ask again.</param>
    /// <inheritdoc cref="CreditLedger.MergeAsync"/>
    public async Task<CreditMergeResult> MergeAsync(
        AccountId source,
        AccountId target,
        CancellationToken cancellationToken = default
    )
    {
        var result = await ledger.MergeAsync(source, target, cancellationToken).ConfigureAwait(false);
        if (result is not { Succeeded: true, MergedInto: { } into })
        {
            return result;
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            foreach (var handler in scope.ServiceProvider.GetServices<IAccountMergeHandler>())
            {
                await handler.MergedAsync(source, into, cancellationToken).ConfigureAwait(false);
            }
        }

        return result;
    }
}
