using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Data;
using PayPerUse.SignIn.Mailing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a way for an app's mails to leave.</summary>
public static class MailSenderServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IMailSender"/> that sends by SMTP, as the section <c>Smtp</c> says (<see cref="SmtpOptions"/>). Without
    /// it, mails stay in the <see cref="LocalMailbox"/> in Development, and elsewhere the host does not start. Codes are mailed in
    /// our words, in Dutch, French, German or English, unless the app has an <see cref="ISignInMailer"/>. Safe to call twice.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddSignIn</c>; its context has the table of <c>UseLocalMailbox</c>.</param>
    /// <param name="configuration">The app's configuration, with the sections <c>Smtp</c> and <c>LocalMailbox</c>.</param>
    public static IServiceCollection AddMailSender(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.Configure<SmtpOptions>(configuration.GetSection("Smtp"));
        services.Configure<LocalMailboxOptions>(configuration.GetSection("LocalMailbox"));
        services.AddOptions<SmtpOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SmtpOptions>, SmtpOptionsValidator>());
        services.TryAddSingleton(p => new LocalMailbox(
            p.GetRequiredService<ISignInContexts>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<IHostEnvironment>(),
            p.GetRequiredService<IOptions<SmtpOptions>>(),
            p.GetRequiredService<IOptions<LocalMailboxOptions>>()
        ));
        services.TryAddSingleton<IMailSender>(p =>
            p.GetRequiredService<LocalMailbox>() is { IsOn: true } mailbox
                ? new LocalMailSender(mailbox)
                : ActivatorUtilities.CreateInstance<SmtpMailSender>(p)
        );
        services.TryAddSingleton<ISignInMailer, CodeMailer>();
        return services;
    }
}
