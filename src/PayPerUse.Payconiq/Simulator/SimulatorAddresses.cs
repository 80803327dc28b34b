using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Where the simulator is: for our own provider, and for whoever pays. Known only after the server has started.</summary>
internal sealed class SimulatorAddresses(IServiceProvider services, IOptions<PayPerUseOptions> options)
{
    /// <summary>The path of everything here.</summary>
    public const string Path = "/simulator/bancontact";

    /// <summary>Whether the server listens, so that the simulator can be called.</summary>
    public bool IsKnown => Listening().Length > 0;

    /// <summary>The base address for calls from this machine.</summary>
    /// <exception cref="PaymentProviderException">The server has not started, or listens nowhere.</exception>
    public Uri Local => PayconiqAddress.Append(Bound(), Path[1..]);

    /// <summary>The base address for customers, whose phones may be elsewhere.</summary>
    /// <exception cref="PaymentProviderException">The server has not started, or listens nowhere.</exception>
    public Uri Public => PayconiqAddress.Append(options.Value.PublicUrl ?? First(), Path[1..]);

    /// <summary>The address of a payment's pay page: its path ends in the payment's id.</summary>
    public Uri PayPage(string paymentId) => PayconiqAddress.Append(Public, "pay/" + paymentId);

    // A certificate for development need not be trusted by our own client, so plain http comes first.
    private Uri Bound() =>
        All().OrderBy(a => a.Scheme == Uri.UriSchemeHttp ? 0 : 1).ThenBy(a => a.IsLoopback ? 0 : 1).First();

    private Uri First() => All()[0];

    private Uri[] Listening()
    {
        var bound = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses;
        return [.. (bound ?? []).Select(Reachable).OfType<Uri>()];
    }

    private Uri[] All()
    {
        var all = Listening();
        return all.Length > 0
            ? all
            : throw new PaymentProviderException(
                PayconiqDefaults.ProviderId,
                PaymentProviderFailure.Unavailable,
                "The Payconiq simulator cannot be reached: this app's server listens on no address yet."
            );
    }

    /// <summary>"Every address" is no address that anybody can go to.</summary>
    private static Uri? Reachable(string address)
    {
        var text = address
            .Replace("://*", "://[::]", StringComparison.Ordinal)
            .Replace("://+", "://[::]", StringComparison.Ordinal);
        return !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") ? null
            : uri.Host is "0.0.0.0" or "[::]" ? new UriBuilder(uri) { Host = "localhost" }.Uri
            : uri;
    }
}
