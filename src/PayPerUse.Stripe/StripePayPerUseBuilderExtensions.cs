using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Stripe;
using PayPerUse.Stripe.Wire;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Stripe Checkout to an app.</summary>
public static class StripePayPerUseBuilderExtensions
{
    // A page of 100 sessions is some hundreds of kilobytes.
    private const int MaxAnswer = 8 * 1024 * 1024;

    /// <summary>Takes payments with Stripe. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">Settings, by convention the section <c>Stripe</c>.</param>
    public static IPayPerUseBuilder AddStripe(this IPayPerUseBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddStripe(section, static _ => { });
    }

    /// <summary>Takes payments with Stripe. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    public static IPayPerUseBuilder AddStripe(this IPayPerUseBuilder builder, Action<StripeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder.AddStripeCore();
    }

    /// <summary>Takes payments with Stripe. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">Settings, by convention the section <c>Stripe</c>.</param>
    /// <param name="configure">Sets options after the section was read.</param>
    public static IPayPerUseBuilder AddStripe(
        this IPayPerUseBuilder builder,
        IConfigurationSection section,
        Action<StripeOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.Configure<StripeOptions>(section);
        return builder.AddStripe(configure);
    }

    private static IPayPerUseBuilder AddStripeCore(this IPayPerUseBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<StripeOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<StripeOptions>, StripeOptionsValidator>()
        );
        services.AddStripeHttpClient();
        services.TryAddSingleton<StripePipeline>();
        services.TryAddSingleton<StripeTransport>();
        services.TryAddSingleton<StripeCheckoutClient>();
        services.TryAddSingleton<StripeReversalClient>();
        services.TryAddSingleton<StripeDiagnosis>();
        return builder.AddPaymentProvider<StripeProvider>().AddPaymentWebhook<StripeWebhook>();
    }

    /// <summary>A client that never follows a redirect (the key must not travel), and leaves time-outs to the pipeline.</summary>
    private static void AddStripeHttpClient(this IServiceCollection services) =>
        services
            .AddHttpClient(
                StripeTransport.HttpClientName,
                client =>
                {
                    client.Timeout = Timeout.InfiniteTimeSpan;
                    client.MaxResponseContentBufferSize = MaxAnswer;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(static () =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    UseCookies = false,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                }
            )
            // The SDK keeps its client for ever; the handler above renews its connections itself.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RedactLoggedHeaders(static _ => true);
}
