using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using PayPerUse;
using PayPerUse.Notices;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets an app hear what happened to payments and credits.</summary>
public static class CreditEventsPayPerUseBuilderExtensions
{
    /// <summary>Adds a handler, scoped. Safe to call twice; several handlers all hear everything.</summary>
    /// <typeparam name="THandler">The handler.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddCreditEvents<THandler>(this IPayPerUseBuilder builder)
        where THandler : class, ICreditEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Scoped<ICreditEvents, THandler>());
        services.Configure<PayPerUseOptions>(o => o.HasCreditEvents = true);
        services.TryAddSingleton<LowBalanceWatch>();
        services.TryAddSingleton<CreditEventsWorker>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, CreditEventsWorker>(p =>
                p.GetRequiredService<CreditEventsWorker>()
            )
        );
        return builder;
    }
}
