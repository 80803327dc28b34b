using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PayPerUse;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.EfCore;
using PayPerUse.EfCore.Answers;
using PayPerUse.EfCore.Credits;
using PayPerUse.EfCore.Notices;
using PayPerUse.EfCore.Payments;
using PayPerUse.EfCore.Receipts;
using PayPerUse.Notices;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps credits, payments and kept answers in an app's database.</summary>
public static class PayPerUseEntityFrameworkCoreExtensions
{
    /// <summary>
    /// Keeps credits and payments in the database of a context whose model has our tables
    /// (<see cref="PayPerUseModelBuilderExtensions.UsePayPerUse"/>, or <see cref="PayPerUseDbContext"/>). Safe to call twice.
    /// </summary>
    /// <remarks>
    /// PostgreSQL and SQLite are written by set-based SQL, any other relational database by LINQ. The stores use connections of
    /// their own and are never part of the app's transactions.
    /// </remarks>
    /// <typeparam name="TContext">The context, added with AddDbContext, AddDbContextFactory or a pooled form of either.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder UseEntityFrameworkCore<TContext>(this IPayPerUseBuilder builder)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.Replace(ServiceDescriptor.Singleton<IContextSource, ContextSource<TContext>>());
        services.TryAddSingleton(p => new EfCreditStore(
            p.GetRequiredService<IContextSource>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.Replace(ServiceDescriptor.Singleton<ICreditStore>(p => p.GetRequiredService<EfCreditStore>()));
        services.Replace(ServiceDescriptor.Singleton<ICreditVersions>(p => p.GetRequiredService<EfCreditStore>()));
        services.Replace(ServiceDescriptor.Singleton<IDueCredits>(p => p.GetRequiredService<EfCreditStore>()));
        services.Replace(ServiceDescriptor.Singleton<ICreditRetention>(p => p.GetRequiredService<EfCreditStore>()));
        services.Replace(ServiceDescriptor.Singleton<IAnswerStore, EfAnswerStore>());
        services.TryAddSingleton<EfPaymentStore>();
        services.Replace(ServiceDescriptor.Singleton<IPaymentStore>(p => p.GetRequiredService<EfPaymentStore>()));
        services.Replace(ServiceDescriptor.Singleton<IPaymentPages>(p => p.GetRequiredService<EfPaymentStore>()));
        services.Replace(ServiceDescriptor.Singleton<IReversalCursors>(p => p.GetRequiredService<EfPaymentStore>()));
        services.Replace(ServiceDescriptor.Singleton<IPaymentOutbox, EfPaymentOutbox>());
        services.Replace(ServiceDescriptor.Singleton<ILowBalanceAlerts, EfLowBalanceAlerts>());
        services.Replace(ServiceDescriptor.Singleton<IReceiptStore, EfReceiptStore>());
        return builder;
    }
}
