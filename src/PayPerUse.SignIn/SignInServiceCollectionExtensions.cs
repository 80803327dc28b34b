using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PayPerUse.Accounts;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Accounts;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Data;
using PayPerUse.SignIn.Endpoints;
using PayPerUse.SignIn.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sign-in by a mailed code to an app.</summary>
public static class SignInServiceCollectionExtensions
{
    /// <summary>Adds sign-in by a mailed code, and makes it the way the app authenticates. Safe to call twice.</summary>
    /// <typeparam name="TContext">
    /// The context whose model has our tables (<see cref="SignInModelBuilderExtensions.UsePayPerUseSignIn"/>), added with
    /// AddDbContext, AddDbContextFactory or a pooled form of either.
    /// </typeparam>
    /// <param name="services">The app's services, with <c>AddPayPerUse</c>.</param>
    /// <param name="section">Settings, by convention the section <c>SignIn</c>.</param>
    public static IServiceCollection AddSignIn<TContext>(
        this IServiceCollection services,
        IConfigurationSection section
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddSignIn<TContext>(section, static _ => { });
    }

    /// <summary>Adds sign-in by a mailed code, and makes it the way the app authenticates. Safe to call twice.</summary>
    /// <inheritdoc cref="AddSignIn{TContext}(IServiceCollection, IConfigurationSection)" path="/typeparam"/>
    /// <param name="services">The app's services, with <c>AddPayPerUse</c>.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddSignIn<TContext>(
        this IServiceCollection services,
        Action<SignInOptions> configure
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (!services.Any(s => s.ServiceType == typeof(SignInCodes)))
        {
            services.AddSignInSchemes();
        }

        services.Configure(configure);
        services.AddOptions<SignInOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>()
        );
        services.TryAddSingleton(TimeProvider.System);
        services.AddDataProtection();
        services.AddAuthorization();
        services.Replace(ServiceDescriptor.Singleton<ISignInContexts, SignInContexts<TContext>>());
        services.TryAddSingleton(p => new SignInUsers(
            p.GetRequiredService<ISignInContexts>(),
            p.GetRequiredService<TimeProvider>()
        ));
        services.TryAddEnumerable(ServiceDescriptor.Scoped<IAccountData, SignInProfile>());
        services.TryAddSingleton<SignInLimits>();
        services.TryAddSingleton<SignInSweep>();
        // Made by hand so that a missing mailer is told by MapSignIn, in words that help.
        services.TryAddScoped(p => ActivatorUtilities.CreateInstance<SignInCodes>(p));
        services.TryAddSingleton<SignInSessions>();
        services.TryAddSingleton<SessionStart>();
        services.TryAddSingleton<TicketCookie>();
        services.TryAddSingleton<SignInRefusal>();
        return services;
    }

    /// <summary>Adds sign-in by a mailed code, and makes it the way the app authenticates. Safe to call twice.</summary>
    /// <inheritdoc cref="AddSignIn{TContext}(IServiceCollection, IConfigurationSection)" path="/typeparam"/>
    /// <param name="services">The app's services, with <c>AddPayPerUse</c>.</param>
    /// <param name="section">Settings, by convention the section <c>SignIn</c>.</param>
    /// <param name="configure">Sets options after the section was read.</param>
    public static IServiceCollection AddSignIn<TContext>(
        this IServiceCollection services,
        IConfigurationSection section,
        Action<SignInOptions> configure
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.Configure<SignInOptions>(section);
        return services.AddSignIn<TContext>(configure);
    }

    /// <summary>
    /// Shows two Razor views of the app as the pages of sign-in; their model is a <see cref="SignInForm"/>. The app has
    /// <c>AddRazorPages</c> or <c>AddControllersWithViews</c>. Another <see cref="ISignInPages"/> is for other kinds of pages.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddSignIn</c>.</param>
    /// <param name="askEmail">The view that asks for the e-mail address, such as <c>/Pages/SignIn/AskEmail.cshtml</c>.</param>
    /// <param name="askCode">The view that asks for the code.</param>
    public static IServiceCollection AddSignInViews(this IServiceCollection services, string askEmail, string askCode)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(askEmail);
        ArgumentException.ThrowIfNullOrWhiteSpace(askCode);
        return services.Replace(ServiceDescriptor.Singleton<ISignInPages>(new SignInViews(askEmail, askCode)));
    }
}
