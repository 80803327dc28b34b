using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using PayPerUse.Http;
using PayPerUse.Http.Problems;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Bounds what an app gives away.</summary>
public static class PayPerUseLimitExtensions
{
    /// <summary>
    /// Lets each address do something so many times, on this host, and answers 429 to more: for what costs no credits, where a limit
    /// for each account would be none, since anybody can be as many guests as they like. It comes after the checks that were added
    /// before it (<c>CheckFirst</c>), so that bad input does not count.
    /// </summary>
    /// <remarks>Scripts are told in a problem; a form or a browser gets the bare 429, for <c>UseStatusCodePages</c>.</remarks>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">An endpoint, or a group, which then shares one limit; the app has <c>AddPayPerUse</c>.</param>
    /// <param name="limit">How many times, at least 1.</param>
    /// <param name="window">In which time, from the first: more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static TBuilder LimitPerAddress<TBuilder>(this TBuilder builder, int limit, TimeSpan window)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        var options = new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = window };
        var limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetFixedWindowLimiter(address, _ => options)
        );
        return builder.CheckFirst(context =>
        {
            using var lease = limiter.AttemptAcquire(context.Connection.RemoteIpAddress ?? IPAddress.None);
            return ValueTask.FromResult(lease.IsAcquired ? null : Refuse(context.Request, lease, window));
        });
    }

    private static IResult Refuse(HttpRequest request, RateLimitLease lease, TimeSpan window) =>
        request.HasFormContentType || request.AcceptsPage()
            ? Results.StatusCode(StatusCodes.Status429TooManyRequests)
            : Problem.Flooded(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : window);
}
