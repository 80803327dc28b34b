using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Http.Guests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets people pay without an account.</summary>
public static class GuestWalletsPayPerUseBuilderExtensions
{
    /// <summary>
    /// Lets guests buy and use credits with a wallet in a cookie, which they can later claim for the account that they sign in to.
    /// Needs Data Protection (<c>AddDataProtection</c>). Call it after registering an <see cref="IAccountResolver"/> of your own,
    /// which it asks first. Safe to call twice.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options.</param>
    public static IPayPerUseBuilder AddGuestWallets(
        this IPayPerUseBuilder builder,
        Action<GuestWalletOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptions<GuestWalletOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(s => s.ServiceType == typeof(GuestWallets)))
        {
            return builder;
        }

        services.AddSingleton<IValidateOptions<GuestWalletOptions>, GuestWalletOptionsValidator>();
        services.AddSingleton<GuestWallets>();
        services.AddSingleton<IGuestWallets>(p => p.GetRequiredService<GuestWallets>());
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, GuestAuthentication>(GuestDefaults.AuthenticationScheme, null);
        var inner = services.Last(s => s.ServiceType == typeof(IAccountResolver));
        services.Remove(inner);
        services.Add(
            ServiceDescriptor.Describe(
                typeof(IAccountResolver),
                p => new GuestAccountResolver(Make(p, inner), p.GetRequiredService<GuestWallets>()),
                inner.Lifetime
            )
        );
        return builder;
    }

    /// <summary>Adds what an app does of its own when an account is merged into another. As many as needed.</summary>
    /// <typeparam name="THandler">The handler, scoped.</typeparam>
    /// <param name="builder">The builder.</param>
    public static IPayPerUseBuilder AddAccountMergeHandler<THandler>(this IPayPerUseBuilder builder)
        where THandler : class, IAccountMergeHandler
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Scoped<IAccountMergeHandler, THandler>());
        return builder;
    }

    private static IAccountResolver Make(IServiceProvider services, ServiceDescriptor inner) =>
        (IAccountResolver)(
            inner.ImplementationInstance
            ?? inner.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, inner.ImplementationType!)
        );
}
