using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using PayPerUse.Commands;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Commands for the person on duty, in any host that has PayPerUse.</summary>
public static class PayPerUseCommandExtensions
{
    /// <summary>
    /// Runs <c>payments …</c>, <c>accounts …</c>, <c>verify</c> or <c>doctor</c> when the command line begins with one of them,
    /// with the app's own settings and database; the app need not run. Logs go to the standard error meanwhile, so that
    /// <c>--json</c> can be piped.
    /// </summary>
    /// <param name="host">The app, built and not run.</param>
    /// <param name="args">The command line.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The exit code to end with: 0 done, 1 something is wrong or was refused, 2 wrong usage, 3 no answer from the database or the
    /// provider. Null when the command line is not ours: run the app.
    /// </returns>
    public static async Task<int?> RunPayPerUseCommandAsync(
        this IHost host,
        IReadOnlyList<string> args,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        if (!PayPerUseCommands.AreMeant(args))
        {
            return null;
        }

        if (host.Services.GetService<IOptionsMonitor<ConsoleLoggerOptions>>() is { } console)
        {
            console.CurrentValue.LogToStandardErrorThreshold = LogLevel.Trace;
        }

        return await PayPerUseCommands
            .RunAsync(host.Services, args, Console.Out, Console.Error, cancellationToken)
            .ConfigureAwait(false);
    }
}
