using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq;
using PayPerUse.Payconiq.Simulator;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the simulated Payconiq.</summary>
public static class PayconiqSimulatorEndpoints
{
    /// <summary>
    /// Maps the simulated bank under <c>/simulator/bancontact</c>: its API, its keys, the pay page with approve, decline and
    /// cancel, and the page that shows all it knows and makes its weather. It answers only this machine, and nothing that came through a proxy.
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
        var controls = services.GetRequiredService<SimulatorControls>();
        var sky = services.GetRequiredService<SimulatorSky>();
        var clock = services.GetRequiredService<TimeProvider>();
        var options = services.GetRequiredService<IOptions<PayconiqSimulatorOptions>>().Value;
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<PayconiqSimulatorOptions>();

        // In Development that is as it should be; elsewhere somebody must be able to find out why credits are for free.
        var isExpected = services.GetRequiredService<IHostEnvironment>().IsDevelopment();
        SimulatorLog.Running(logger, isExpected ? LogLevel.Information : LogLevel.Warning);

        var all = endpoints
            .MapGroup(SimulatorAddresses.Path)
            .ExcludeFromDescription()
            .AllowAnonymous()
            .DisableAntiforgery()
            .AddEndpointFilter(SimulatorStorm.RefuseOtherSites)
            .AddEndpointFilter(SimulatorForm.RefuseUnreadable);
        var local = all.MapGroup("").AddEndpointFilter(LocalOnly(logger));
        local.MapGet("/jwks", api.Jwks);
        var v3 = local.MapGroup("/v3").AddEndpointFilter(SimulatorStorm.Of(sky, clock));
        v3.MapPost("/payments", api.CreateAsync);
        v3.MapGet("/payments/{paymentId}", api.Get);
        v3.MapDelete("/payments/{paymentId}", api.Cancel);
        v3.MapPost("/payments/search", api.SearchAsync);
        v3.MapPost("/payments/{paymentId}/refunds", api.RefundAsync);
        v3.MapGet("/payments/{paymentId}/refunds/{refundId}", api.GetRefund);
        v3.MapGet("/reconciliation/refunds", api.ListRefunds);

        local.MapGet("", controls.Board);
        local.MapGet("/board.css", SimulatorControls.Css);
        local.MapGet("/state", controls.State);
        local.MapPost("/weather", controls.SetWeatherAsync);
        local.MapPost("/keys/rotate", controls.RotateKeysAsync);
        local.MapPost("/keys/retire", controls.RetireKeysAsync);
        local.MapPost("/payments/{paymentId}/expire", pages.ExpireAsync);
        local.MapPost("/payments/{paymentId}/fail", pages.FailAsync);
        local.MapPost("/payments/{paymentId}/callback", controls.RingAsync);
        local.MapPost("/payments/{paymentId}/refunds", controls.RefundAsync);
        local.MapPost("/payments/{paymentId}/refunds/{refundId}/fail", controls.FailRefundAsync);

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
            if (context.HttpContext.Request.IsFromThisMachine())
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
