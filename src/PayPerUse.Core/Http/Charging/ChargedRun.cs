using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Charging;

/// <summary>Runs an action for which credits are reserved, and decides what becomes of them.</summary>
internal sealed class ChargedRun(
    Settlement settlement,
    ReservationRenewal renewal,
    IOptions<PayPerUseHttpOptions> options,
    IHostApplicationLifetime? lifetime = null
)
{
    public async Task RunAsync(HttpContext context, RequestDelegate next, CreditCharge charge, bool streams)
    {
        var connection = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        var abort = new AbortWatch(connection);
        context.Features.Set<IHttpRequestLifetimeFeature>(abort);
        context.Features.Set(charge);
        try
        {
            await (
                streams ? StreamAsync(context, next, charge, abort) : HoldAsync(context, next, charge, abort)
            ).ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set<CreditCharge>(null);
            context.Features.Set(connection);
        }
    }

    /// <summary>The ordinary way: nothing leaves before it is charged.</summary>
    private async Task HoldAsync(HttpContext context, RequestDelegate next, CreditCharge charge, AbortWatch abort)
    {
        var held = new HeldAnswer(context, options.Value);
        await using (held.ConfigureAwait(false))
        {
            try
            {
                await RenewWhileAsync(context, next, charge).ConfigureAwait(false);
                await held.FinishAsync().ConfigureAwait(false);
            }
            catch
            {
                held.Restore();
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
                throw;
            }

            if (IsDeclined(context, charge) || abort.IsAborted)
            {
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
                await held.SendAsync().ConfigureAwait(false);
                return;
            }

            if (await settlement.CommitAsync(charge).ConfigureAwait(false) is { } failure)
            {
                held.Discard();
                await failure.ExecuteAsync(context).ConfigureAwait(false);
                return;
            }

            await held.SendAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The chosen way: the answer leaves while it is made, and is charged at its end.</summary>
    private async Task StreamAsync(HttpContext context, RequestDelegate next, CreditCharge charge, AbortWatch abort)
    {
        try
        {
            await RenewWhileAsync(context, next, charge).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isClientGone =
                e is OperationCanceledException or IOException
                && context.RequestAborted.IsCancellationRequested
                && !abort.IsAbortedFirst
                && lifetime?.ApplicationStopping.IsCancellationRequested is not true;
            if (isClientGone && context.Response.HasStarted && !charge.IsDeclined)
            {
                await settlement.CommitSentAsync(charge).ConfigureAwait(false);
            }
            else
            {
                await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            }

            throw;
        }

        if (IsDeclined(context, charge) || abort.IsAbortedFirst || (abort.IsAborted && !context.Response.HasStarted))
        {
            await settlement.ReleaseAsync(charge).ConfigureAwait(false);
            return;
        }

        await settlement.CommitSentAsync(charge).ConfigureAwait(false);
    }

    private static bool IsDeclined(HttpContext context, CreditCharge charge) =>
        charge.IsDeclined || context.Response.StatusCode >= StatusCodes.Status400BadRequest;

    private async Task RenewWhileAsync(HttpContext context, RequestDelegate next, CreditCharge charge)
    {
        var renewed = renewal.Start(charge.Reservation);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            renewal.Stop(renewed);
        }
    }
}
