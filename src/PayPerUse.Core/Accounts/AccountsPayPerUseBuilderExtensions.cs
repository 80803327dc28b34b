using Microsoft.Extensions.DependencyInjection.Extensions;
using PayPerUse;
using PayPerUse.Accounts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what an app itself keeps of accounts.</summary>
public static class AccountsPayPerUseBuilderExtensions
{
    /// <summary>Adds something that the app keeps of an account, scoped. As many as needed; safe to call twice.</summary>
    /// <typeparam name="TData">What is kept.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddAccountData<TData>(this IPayPerUseBuilder builder)
        where TData : class, IAccountData
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IAccountData, TData>());
        return builder;
    }

    internal static void AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton<AccountExport>();
        services.TryAddSingleton<AccountDeletion>();
        services.TryAddSingleton<AccountOverviews>();
    }
}
