using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Commands;

/// <summary>One command of the person on duty.</summary>
/// <param name="Name">Its words, such as <c>payments show</c>.</param>
/// <param name="Usage">What follows them.</param>
/// <param name="Help">What it does, in one sentence.</param>
/// <param name="RunAsync">Does it, and answers the exit code.</param>
internal sealed record Command(
    string Name,
    string Usage,
    string Help,
    Func<CommandContext, CancellationToken, Task<int>> RunAsync
);

/// <summary>What a command has to work with.</summary>
/// <param name="Services">The app's services.</param>
/// <param name="Line">The words after the command's name, and the options.</param>
/// <param name="Output">Where it answers.</param>
internal sealed record CommandContext(IServiceProvider Services, CommandLine Line, CommandOutput Output)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
