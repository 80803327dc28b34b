using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Payconiq;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payconiq.Wire;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Payconiq, today Bancontact Pay / Wero, to an app.</summary>
public static class PayconiqPayPerUseBuilderExtensions
{
    // Most answers are a few kilobytes; a page of reconciliation may have 10 000 refunds.
    private const int MaxAnswer = 16 * 1024 * 1024;

    /// <summary>Takes payments with Payconiq. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">Settings, by convention the section <c>Payconiq</c>.</param>
    public static IPayPerUseBuilder AddPayconiq(this IPayPerUseBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddPayconiq(section, static _ => { });
    }

    /// <summary>Takes payments with Payconiq. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    public static IPayPerUseBuilder AddPayconiq(this IPayPerUseBuilder builder, Action<PayconiqOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        return builder.AddPayconiqCore();
    }

    /// <summary>Takes payments with Payconiq. Safe to call twice.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">Settings, by convention the section <c>Payconiq</c>.</param>
    /// <param name="configure">Sets options after the section was read.</param>
    public static IPayPerUseBuilder AddPayconiq(
        this IPayPerUseBuilder builder,
        IConfigurationSection section,
        Action<PayconiqOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.Configure<PayconiqOptions>(section);
        return builder.AddPayconiq(configure);
    }

    private static IPayPerUseBuilder AddPayconiqCore(this IPayPerUseBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PayconiqOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PayconiqOptions>, PayconiqOptionsValidator>()
        );
        services.AddPayconiqHttpClient(PayconiqChannel.HttpClientName);
        services.AddPayconiqHttpClient(CallbackKeys.HttpClientName);
        services.TryAddSingleton<PayconiqPipeline>();
        services.TryAddSingleton<PayconiqChannel>();
        services.TryAddSingleton<PayconiqClient>();
        services.TryAddSingleton<PayconiqRefundClient>();
        services.TryAddSingleton<CallbackKeys>();
        return builder
            .AddPaymentProvider<PayconiqProvider>()
            .AddPaymentWebhook<PayconiqWebhook>()
            .AddPublishedKeys<RequestSigner>();
    }

    /// <summary>A client that never follows a redirect (a key must not travel), and leaves time-outs to whoever calls.</summary>
    internal static void AddPayconiqHttpClient(this IServiceCollection services, string name) =>
        services
            .AddHttpClient(
                name,
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
                    Proxy = new LoopbackProxy(),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                }
            )
            .RedactLoggedHeaders(static _ => true);
}
