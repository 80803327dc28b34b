using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Snippets.Providers;

namespace Microsoft.Extensions.DependencyInjection;

#region add
public static class AcmePayPerUseBuilderExtensions
{
    public static IPayPerUseBuilder AddAcme(this IPayPerUseBuilder builder, IConfigurationSection section)
    {
        builder
            .Services.AddOptions<AcmeOptions>()
            .Bind(section)
            .Validate(o => !string.IsNullOrEmpty(o.ApiKey), "Acme:ApiKey: set it to your API key.")
            .Validate(
                o => !string.IsNullOrEmpty(o.WebhookSecret),
                "Acme:WebhookSecret: set it to your webhook's secret."
            )
            .ValidateOnStart();
        builder
            .Services.AddHttpClient(
                "acme",
                (services, client) =>
                {
                    var options = services.GetRequiredService<IOptions<AcmeOptions>>().Value;
                    client.BaseAddress = options.ApiBase;
                    client.Timeout = TimeSpan.FromSeconds(8);
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                        "Bearer",
                        options.ApiKey
                    );
                }
            )
            // A redirect must not carry the key elsewhere.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        return builder.AddPaymentProvider<AcmeProvider>().AddPaymentWebhook<AcmeWebhook>();
    }
}
#endregion
