using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Looks at an app before it starts.</summary>
public static class PayPerUseHostExtensions
{
    /// <summary>
    /// Checks every setting that would stop the host at start, ours and the app's (<c>ValidateOnStart</c>), before the app touches
    /// anything, such as its database, and tells all that is wrong at once.
    /// </summary>
    /// <param name="host">The app, built and not started.</param>
    /// <exception cref="PayPerUseException">Settings are wrong; the message has a line for each, with the fix.</exception>
    public static void CheckSettings(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        try
        {
            host.Services.GetService<IStartupValidator>()?.Validate();
        }
        catch (Exception e) when (FailuresOf(e) is { } failures)
        {
            throw new PayPerUseException(string.Join(Environment.NewLine, failures.Distinct()), e);
        }
    }

    private static IEnumerable<string>? FailuresOf(Exception e) =>
        e switch
        {
            OptionsValidationException wrong => wrong.Failures,
            AggregateException all when all.InnerExceptions.All(i => i is OptionsValidationException) => all
                .InnerExceptions.OfType<OptionsValidationException>()
                .SelectMany(i => i.Failures),
            _ => null,
        };
}
