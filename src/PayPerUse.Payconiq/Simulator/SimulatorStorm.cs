using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>What happens to calls before they reach the simulated bank.</summary>
internal static class SimulatorStorm
{
    /// <summary>A slow API, one that fails before it does anything, and one whose answers are lost.</summary>
    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Of(
        SimulatorSky sky,
        TimeProvider clock
    ) =>
        async (context, next) =>
        {
            var weather = sky.Weather;
            var http = context.HttpContext;
            if (weather.ApiDelayMs > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(weather.ApiDelayMs), clock, http.RequestAborted)
                    .ConfigureAwait(false);
            }

            if (sky.Hits(weather.ApiFailPercent))
            {
                return SimulatorErrors.Of(
                    StatusCodes.Status503ServiceUnavailable,
                    "TRY_AGAIN_LATER",
                    "The simulator's weather has the API fail."
                );
            }

            var isLost = sky.Hits(weather.ApiLostPercent);
            var answer = await next(context).ConfigureAwait(false);
            if (!isLost)
            {
                return answer;
            }

            http.Abort();
            return Results.Empty;
        };

    /// <summary>Another site that is open in the same browser must not pay here.</summary>
    public static ValueTask<object?> RefuseOtherSites(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var request = context.HttpContext.Request;
        return
            !HttpMethods.IsGet(request.Method)
            && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            ? ValueTask.FromResult<object?>(Results.StatusCode(StatusCodes.Status403Forbidden))
            : next(context);
    }
}
