using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Http;

/// <summary>Makes the links of the contract, whatever prefix or route group it was mapped with.</summary>
internal sealed class PayPerUseRoutes(IServiceProvider services)
{
    public const string CreatePayment = "/payments/create";

    private string? _prefix;
    private int _isNamed;

    /// <summary>What was mapped before <c>/payments/…</c>; empty when nothing was mapped.</summary>
    public string Prefix => _prefix ?? Find();

    /// <summary>Endpoint names are unique in an app, so only the first mapping has them.</summary>
    public bool TryName() => Interlocked.Exchange(ref _isNamed, 1) == 0;

    /// <summary>A link that a client of this request can follow.</summary>
    public string LinkTo(HttpRequest request, string path) => request.PathBase.ToUriComponent() + Prefix + path;

    public string PaymentLink(HttpRequest request, string paymentId) => LinkTo(request, "/payments/" + paymentId);

    private string Find()
    {
        // Groups know their prefix only in the finished endpoints, and a worker host has none at all.
        var endpoint = services
            .GetService<EndpointDataSource>()
            ?.Endpoints.OfType<RouteEndpoint>()
            .FirstOrDefault(e => e.Metadata.GetMetadata<Mark>() is not null);
        if (endpoint?.RoutePattern.RawText is not { } text)
        {
            return "";
        }

        var path = "/" + text.TrimStart('/');
        return _prefix = path[..^CreatePayment.Length];
    }

    /// <summary>Marks the endpoint whose address tells the prefix.</summary>
    internal sealed class Mark;
}
