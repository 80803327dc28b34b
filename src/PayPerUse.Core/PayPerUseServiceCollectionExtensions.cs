using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Accounts;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PayPerUse to an app.</summary>
public static class PayPerUseServiceCollectionExtensions
{
    /// <summary>
    /// Adds credits and payments. Credits and payments are kept in memory until a store is chosen. Options are read from the section
    /// <c>PayPerUse</c> of the app's configuration.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the options after the section was read.</param>
    /// <returns>A builder for packs, actions, a store and payment providers. Safe to call twice.</returns>
    public static IPayPerUseBuilder AddPayPerUse(
        this IServiceCollection services,
        Action<PayPerUseOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<PayPerUseOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IConfigureOptions<PayPerUseOptions>, PayPerUseSettings>()
        );
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PayPerUseOptions>, PayPerUseOptionsValidator>()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InMemoryCreditStore>();
        services.TryAddSingleton<ICreditStore>(p => p.GetRequiredService<InMemoryCreditStore>());
        services.TryAddSingleton<ICreditVersions>(p => p.GetRequiredService<InMemoryCreditStore>());
        services.TryAddSingleton<IDueCredits>(p => p.GetRequiredService<InMemoryCreditStore>());
        services.TryAddSingleton<ICreditRetention>(p => p.GetRequiredService<InMemoryCreditStore>());
        services.TryAddSingleton<CreditLedger>();
        services.TryAddSingleton<AccountMerges>();
        services.TryAddSingleton<CreditSweep>();
        services.TryAddSingleton<IAnswerStore, InMemoryAnswerStore>();
        services.TryAddSingleton<AnswerSweep>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, AnswerSweep>(p => p.GetRequiredService<AnswerSweep>())
        );
        services.AddPayments();
        services.AddReceipts();
        services.AddAccounts();
        services.AddPayPerUseHttp();
        return new PayPerUseBuilder(services);
    }

    /// <summary>Puts credits up for sale.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="pack">The pack. The same id twice stops the host at start.</param>
    public static IPayPerUseBuilder AddPack(this IPayPerUseBuilder builder, CreditPack pack)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(pack);
        builder.Services.Configure<PayPerUseOptions>(o => o.Packs.Add(pack));
        return builder;
    }

    /// <summary>Puts a price on something the app does.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="id">The action's id, 1 to 64 visible characters. The same id twice stops the host at start.</param>
    /// <param name="credits">What it costs, 1 to 10⁹; the least, when there is a range.</param>
    /// <param name="maxCredits">The most it may cost when the caller chooses; null when the price is fixed.</param>
    public static IPayPerUseBuilder AddAction(
        this IPayPerUseBuilder builder,
        string id,
        long credits,
        long? maxCredits = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var action = new CreditAction(id, credits, maxCredits);
        builder.Services.Configure<PayPerUseOptions>(o => o.Actions.Add(action));
        return builder;
    }

    private sealed class PayPerUseBuilder(IServiceCollection services) : IPayPerUseBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
