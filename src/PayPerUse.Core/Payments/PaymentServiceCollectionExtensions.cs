using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using PayPerUse;
using PayPerUse.Notices;
using PayPerUse.Payments;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds payment providers; used by provider packages.</summary>
public static class PaymentServiceCollectionExtensions
{
    /// <summary>Adds a provider, a singleton. The first one added is the default. Safe to call twice.</summary>
    /// <typeparam name="TProvider">The provider.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddPaymentProvider<TProvider>(this IPayPerUseBuilder builder)
        where TProvider : class, IPaymentProvider
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TProvider>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPaymentProvider, TProvider>(Get<TProvider>));
        return builder;
    }

    /// <summary>Adds the verifier of a provider's messages, a singleton. Safe to call twice.</summary>
    /// <typeparam name="TWebhook">The verifier.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddPaymentWebhook<TWebhook>(this IPayPerUseBuilder builder)
        where TWebhook : class, IPaymentWebhook
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TWebhook>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPaymentWebhook, TWebhook>(Get<TWebhook>));
        return builder;
    }

    /// <summary>Publishes the keys with which requests to a provider are signed, a singleton. Safe to call twice.</summary>
    /// <typeparam name="TKeys">The keys.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddPublishedKeys<TKeys>(this IPayPerUseBuilder builder)
        where TKeys : class, IPublishedKeys
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TKeys>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPublishedKeys, TKeys>(Get<TKeys>));
        return builder;
    }

    internal static void AddPayments(this IServiceCollection services)
    {
        services.TryAddSingleton<InMemoryPaymentStore>();
        services.TryAddSingleton<IPaymentStore>(p => p.GetRequiredService<InMemoryPaymentStore>());
        services.TryAddSingleton<IPaymentPages>(p => p.GetRequiredService<InMemoryPaymentStore>());
        services.TryAddSingleton<IReversalCursors>(p => p.GetRequiredService<InMemoryPaymentStore>());
        services.TryAddSingleton<IPaymentOutbox>(p => p.GetRequiredService<InMemoryPaymentStore>());
        services.TryAddSingleton<AccountPayments>();
        services.TryAddSingleton<PaymentProviders>();
        services.TryAddSingleton<PaymentJournal>();
        services.TryAddSingleton<PaymentReversals>();
        services.TryAddSingleton<ReversalFeeds>();
        services.TryAddSingleton<PaymentSettler>();
        services.TryAddSingleton<CheckoutEnding>();
        services.TryAddSingleton<CheckoutStart>();
        services.TryAddSingleton<CheckoutService>();
        services.TryAddSingleton<RefundPlanner>();
        services.TryAddSingleton<RefundRecorder>();
        services.TryAddSingleton<PaymentReviews>();
        services.TryAddSingleton<PaymentService>();
        services.TryAddSingleton<WithdrawalService>();
        services.TryAddSingleton<AccountWithdrawals>();
        services.TryAddSingleton<ReconciliationWorker>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, ReconciliationWorker>(Get<ReconciliationWorker>)
        );
    }

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
