using System.Threading.RateLimiting;

namespace Sinterklaas.Web.Gifts;

/// <summary>Bounds what costs nothing: 30 a minute for each address, since anybody can be as many guests as they like.</summary>
public static class FreeLimit
{
    public const string Name = "free";

    public static void AddFreeLimit(this IServiceCollection services) =>
        services.AddRateLimiter(o => o.AddPolicy(Name, Of).RejectionStatusCode = StatusCodes.Status429TooManyRequests);

    private static RateLimitPartition<string> Of(HttpContext context) =>
        RateLimitPartition.GetFixedWindowLimiter(
            $"{context.Connection.RemoteIpAddress}",
            _ => new() { PermitLimit = 30, Window = TimeSpan.FromMinutes(1) }
        );
}
