using Microsoft.Extensions.DependencyInjection;
using PayPerUse;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Http.Charging;

namespace Microsoft.AspNetCore.Http;

/// <summary>What an action that requires credits can say about its charge, and a page about its visitor's credits.</summary>
public static class PayPerUseHttpContextExtensions
{
    /// <summary>The charge of this request; null when none is made (another endpoint, or a page that is only read).</summary>
    /// <param name="context">The request.</param>
    public static ICreditCharge? GetCreditCharge(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<CreditCharge>();
    }

    /// <summary>Reads the balance of whoever sent this request, for a page that shows it beside other things.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Credits; null when nobody is signed in, or the ledger does not answer, since the page can still be shown.</returns>
    public static async Task<long?> FindBalanceAsync(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (services, cancellationToken) = (context.RequestServices, context.RequestAborted);
        try
        {
            var account = await services
                .GetRequiredService<IAccountResolver>()
                .ResolveAsync(context, cancellationToken)
                .ConfigureAwait(false);
            return account is null
                ? null
                : (
                    await services
                        .GetRequiredService<CreditLedger>()
                        .ReadBalanceAsync(account.Value, cancellationToken)
                        .ConfigureAwait(false)
                ).Balance;
        }
        catch (PayPerUseException)
        {
            return null;
        }
    }

    /// <summary>Charges less than was reserved; the rest returns. It is done when the action succeeds.</summary>
    /// <param name="context">The request.</param>
    /// <param name="actual">0 up to what is reserved, in credits.</param>
    /// <exception cref="InvalidOperationException">This request makes no charge.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More than what is reserved, or less than 0.</exception>
    public static void CommitCredits(this HttpContext context, long actual)
    {
        ArgumentNullException.ThrowIfNull(context);
        var charge =
            context.Features.Get<CreditCharge>()
            ?? throw new InvalidOperationException("This request makes no charge: its endpoint needs RequireCredits.");
        ArgumentOutOfRangeException.ThrowIfNegative(actual);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(actual, charge.Reserved);
        charge.Actual = actual;
    }

    /// <summary>Declines the charge: the action runs on and its answer is sent, but nothing is taken.</summary>
    /// <param name="context">The request; without a charge this does nothing.</param>
    public static void ReleaseCredits(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<CreditCharge>() is { } charge)
        {
            charge.IsDeclined = true;
        }
    }
}
