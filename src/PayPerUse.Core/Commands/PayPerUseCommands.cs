using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace PayPerUse.Commands;

/// <summary>Finds and runs the command that a command line names.</summary>
internal static class PayPerUseCommands
{
    public static readonly ImmutableArray<Command> All =
    [
        .. PaymentCommands.All,
        .. AccountCommands.All,
        VerifyCommand.It,
        DoctorCommand.It,
    ];

    /// <summary>Whether the first word is one of ours: everything else is the app's own.</summary>
    public static bool AreMeant(IReadOnlyList<string> args) =>
        args.Count > 0 && (args[0] == "help" || All.Any(c => c.Name.Split(' ')[0] == args[0]));

    public static async Task<int> RunAsync(
        IServiceProvider services,
        IReadOnlyList<string> args,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken
    )
    {
        var command = All.FirstOrDefault(c => IsNamed(c, args));
        try
        {
            var line = CommandLine.Parse([.. args.Skip(command?.Name.Split(' ').Length ?? 0)]);
            if (command is null || line.WantsHelp)
            {
                var isAsked = line.WantsHelp || args[0] == "help";
                await WriteUsageAsync(isAsked ? output : errors, args[0]).ConfigureAwait(false);
                return isAsked ? CommandExit.Good : CommandExit.Usage;
            }

            var context = new CommandContext(services, line, new CommandOutput(output, line.IsJson));
            return await command.RunAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (CommandUsageException e)
        {
            await errors.WriteLineAsync(e.Message).ConfigureAwait(false);
            await errors.WriteLineAsync($"usage: {command?.Name} {command?.Usage}").ConfigureAwait(false);
            return CommandExit.Usage;
        }
        catch (OptionsValidationException e)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, e.Failures)).ConfigureAwait(false);
            return CommandExit.Bad;
        }
        catch (Exception e) when (e is PayPerUseException or NotSupportedException)
        {
            await errors.WriteLineAsync(e.Message).ConfigureAwait(false);
            return e is PayPerUseException ? CommandExit.Unavailable : CommandExit.Bad;
        }
    }

    private static bool IsNamed(Command command, IReadOnlyList<string> args)
    {
        var words = command.Name.Split(' ');
        return args.Count >= words.Length && words.SequenceEqual(args.Take(words.Length));
    }

    private static async Task WriteUsageAsync(TextWriter writer, string about)
    {
        var shown = All.Where(c => c.Name.Split(' ')[0] == about).ToArray();
        foreach (var command in shown.Length > 0 ? shown : [.. All])
        {
            await writer.WriteLineAsync($"{command.Name} {command.Usage}".TrimEnd()).ConfigureAwait(false);
            await writer.WriteLineAsync("    " + command.Help).ConfigureAwait(false);
        }

        await writer
            .WriteLineAsync("Each takes --json and --help, and --by NAME for who does it.")
            .ConfigureAwait(false);
        await writer
            .WriteLineAsync("Exit codes: 0 done, 1 wrong or refused, 2 usage, 3 no answer; try again.")
            .ConfigureAwait(false);
    }
}
