using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Http;
using PayPerUse.Http.Accounts;
using PayPerUse.Http.Charging;
using PayPerUse.Http.Endpoints;
using PayPerUse.Http.Events;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Return;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what PayPerUse needs for HTTP; part of AddPayPerUse.</summary>
public static class PayPerUseHttpServiceCollectionExtensions
{
    /// <summary>Changes how PayPerUse behaves over HTTP.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options.</param>
    public static IPayPerUseBuilder ConfigureHttp(
        this IPayPerUseBuilder builder,
        Action<PayPerUseHttpOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        return builder;
    }

    internal static void AddPayPerUseHttp(this IServiceCollection services)
    {
        services.AddOptions<PayPerUseHttpOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PayPerUseHttpOptions>, PayPerUseHttpOptionsValidator>()
        );
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PayPerUseOptions>, PublicUrlCheck>());
        services.TryAddSingleton<PayPerUseRoutes>();
        services.TryAddSingleton<PublicAddresses>();
        services.TryAddSingleton<IPaymentAddresses>(p => p.GetRequiredService<PublicAddresses>());
        services.TryAddSingleton<IPublicAddresses>(p => p.GetRequiredService<PublicAddresses>());
        services.TryAddSingleton<IAccountResolver, ClaimAccountResolver>();
        services.TryAddSingleton(p => new ReceiptTexts(
            p.GetRequiredService<ReceiptService>(),
            p.GetRequiredService<WithdrawalService>(),
            p.GetRequiredService<PaymentProviders>(),
            p.GetRequiredService<IPaymentAddresses>(),
            p.GetRequiredService<IOptions<SellerOptions>>()
        ));

        services.TryAddSingleton<FloodGuard>();
        services.TryAddSingleton<CrossSite>();
        services.TryAddSingleton<RequestGuard>();
        services.TryAddSingleton<CreditRefusal>();
        services.TryAddSingleton<WebhookGuard>();
        services.TryAddSingleton<WebhookReception>();
        services.TryAddSingleton<ReturnWait>();

        services.TryAddSingleton<CreditGate>();
        services.TryAddSingleton<ChargedRun>();
        services.TryAddSingleton<KeptAnswers>();
        services.TryAddSingleton<ReservationRenewal>();
        services.TryAddSingleton<Settlement>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, CreditsMatcherPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RequirementCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<MvcOptions>, DeclineInvalidForms>());

        services.TryAddSingleton<BalanceStreams>();
        services.TryAddSingleton<IBalanceStreams>(p => p.GetRequiredService<BalanceStreams>());
        services.TryAddSingleton<SessionCheck>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BalanceWatch>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<CookieAuthenticationOptions>, EndStreamsAtSignOut>()
        );
    }
}
