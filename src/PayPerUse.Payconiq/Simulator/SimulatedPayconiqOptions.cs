using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Points the provider at the simulator by its settings alone, when nothing else is configured.</summary>
internal sealed class SimulatedPayconiqOptions(
    IOptions<PayconiqSimulatorOptions> simulator,
    SimulatorAddresses addresses
) : IPostConfigureOptions<PayconiqOptions>
{
    public void PostConfigure(string? name, PayconiqOptions options)
    {
        // Half a configuration is a mistake to be told, not to be filled up with pretend money.
        if (
            !string.IsNullOrEmpty(options.ApiKey)
            || !string.IsNullOrEmpty(options.ProfileId)
            || options.ApiBase is not null
            || options.JwksUri is not null
        )
        {
            return;
        }

        options.ApiKey = simulator.Value.ApiKey;
        options.ProfileId = simulator.Value.ProfileId;
        if (string.IsNullOrEmpty(options.SigningKey))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            options.SigningKey = key.ExportPkcs8PrivateKeyPem();
        }

        options.IsReachable = () => addresses.IsKnown;
        options.Simulator = () => addresses.Local;
    }
}
