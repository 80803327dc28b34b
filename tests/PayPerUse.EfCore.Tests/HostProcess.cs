using System.Diagnostics;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests;

/// <summary>A process of PayPerUse.Crash, which tells line by line what it does.</summary>
public sealed class HostProcess : IDisposable
{
    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    public static HostProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "PayPerUse.Crash.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start) ?? throw new InvalidOperationException("The host did not start."));
    }

    /// <summary>Reads the next line; null when the host has ended.</summary>
    /// <exception cref="TimeoutException">The host lives and tells nothing, for longer than any busy machine needs.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        try
        {
            return await _process.StandardOutput.ReadLineAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The host told nothing for {Patience.Limit.TotalMinutes} minutes.");
        }
    }

    /// <summary>SIGKILL; then what it had told before.</summary>
    public async Task KillAsync(Action<string> note, CancellationToken cancellationToken)
    {
        _process.Kill();
        while (await ReadAsync(cancellationToken) is { } line)
        {
            note(line);
        }

        await _process.WaitForExitAsync(cancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
