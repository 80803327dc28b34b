using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Http;

/// <summary>Our addresses for providers and customers: the configured one, or in Development the one the server is bound to.</summary>
internal sealed class PublicAddresses(
    IServiceProvider services,
    IOptions<PayPerUseOptions> options,
    PayPerUseRoutes routes
) : IPaymentAddresses, IPublicAddresses
{
    public Uri Callback(string providerId) => Make("/payments/webhook/" + Uri.EscapeDataString(providerId));

    public Uri ReturnPage(string paymentId) => Make($"/payments/{Uri.EscapeDataString(paymentId)}/return");

    public Uri Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith('/')
            ? new Uri((options.Value.PublicUrl?.AbsoluteUri ?? BoundAddress()).TrimEnd('/') + path)
            : throw new ArgumentException("A path begins with /.", nameof(path));
    }

    private Uri Make(string path) => Of(routes.Prefix + path);

    // Outside Development the host did not start without a public address; see PublicUrlCheck.
    private string BoundAddress()
    {
        var bound = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (bound is null)
        {
            throw new PayPerUseException(
                "The public address of this app is not known: set PublicUrl (PayPerUse:PublicUrl), such as https://sint.example."
            );
        }

        // "Every address" is no address that anybody can go to.
        var host = new Uri(
            bound
                .Replace("://*", "://[::]", StringComparison.Ordinal)
                .Replace("://+", "://[::]", StringComparison.Ordinal)
        );
        return host.Host is "0.0.0.0" or "[::]"
            ? new UriBuilder(host) { Host = "localhost" }
                .Uri
                .AbsoluteUri
            : host.AbsoluteUri;
    }
}
