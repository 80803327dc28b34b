using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq;
using PayPerUse.Payconiq.Simulator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the simulated Payconiq.</summary>
public static class PayconiqSimulatorEndpoints
{
    /// <summary>
    /// Maps the simulated bank under <c>/simulator/bancontact</c>: its API, its keys, and the pay page with approve, decline and
    /// cancel. It answers only this machine, and nothing that came through a proxy.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <exception cref="InvalidOperationException"><c>AddPayconiqSimulator</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">The app does not run in Development.</exception>
    public static IEndpointConventionBuilder MapPayconiqSimulator(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var api =
            services.GetService<SimulatorApi>()
            ?? throw new InvalidOperationException(
                "There is no simulator to map: call AddPayconiqSimulator() after AddPayPerUse()."
            );
        var pages = services.GetRequiredService<SimulatorPages>();
        var options = services.GetRequiredService<IOptions<PayconiqSimulatorOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<PayconiqSimulatorOptions>();
        SimulatorLog.Running(logger);

        var all = endpoints
            .MapGroup(SimulatorAddresses.Path)
            .ExcludeFromDescription()
            .AllowAnonymous()
            .DisableAntiforgery();
        var local = all.MapGroup("").AddEndpointFilter(LocalOnly(logger));
        local.MapGet("/jwks", api.Jwks);
        local.MapPost("/v3/payments", api.CreateAsync);
        local.MapGet("/v3/payments/{paymentId}", api.Get);
        local.MapDelete("/v3/payments/{paymentId}", api.Cancel);
        local.MapPost("/v3/payments/search", api.SearchAsync);

        var page = options.AllowRemotePayPage ? all : local;
        page.MapGet("/pay.css", SimulatorPages.Css);
        page.MapGet("/pay/{paymentId}", pages.Pay);
        page.MapGet("/qrcode", pages.QrCode);
        page.MapPost("/payments/{paymentId}/approve", pages.ApproveAsync);
        page.MapPost("/payments/{paymentId}/decline", pages.DeclineAsync);
        page.MapPost("/payments/{paymentId}/cancel", pages.CancelAsync);
        return all;
    }

    private static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> LocalOnly(
        ILogger logger
    ) =>
        (context, next) =>
        {
            if (SimulatorGuard.IsLocal(context.HttpContext))
            {
                return next(context);
            }

            SimulatorLog.RefusedRemote(logger, PayconiqText.Quote(context.HttpContext.Request.Path));
            return ValueTask.FromResult<object?>(
                Results.Text(
                    "The payment simulator answers only its own machine, without a proxy. "
                        + $"See {nameof(PayconiqSimulatorOptions.AllowRemotePayPage)}.",
                    "text/plain; charset=utf-8",
                    statusCode: StatusCodes.Status403Forbidden
                )
            );
        };
}
