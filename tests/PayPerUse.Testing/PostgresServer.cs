using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace PayPerUse.Testing;

/// <summary>
/// A PostgreSQL for tests: the one of <c>PAYPERUSE_TEST_POSTGRES</c>, or a throw-away cluster on loopback with default settings,
/// made of the binaries found on the machine, one for the whole process.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static PostgresServer? s_shared;

    private readonly string _adminConnectionString;
    private readonly string? _data;
    private readonly string _options;
    private int _databases;

    private PostgresServer(string adminConnectionString, string binFolder, string? data, string options)
    {
        _adminConnectionString = adminConnectionString;
        BinFolder = binFolder;
        _data = data;
        _options = options;
    }

    /// <summary>Where pg_ctl and pgbench are; empty for a server that is not ours.</summary>
    public string BinFolder { get; }

    /// <summary>Whether this process started it and may stop it.</summary>
    public bool IsOwn => _data is not null;

    /// <summary>The server that all tests of this process share.</summary>
    public static async Task<PostgresServer> SharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (s_shared is null)
            {
                s_shared = await StartAsync();
            }

            return s_shared;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Starts a cluster of its own; the caller stops it by disposing.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PAYPERUSE_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return new PostgresServer(given, FindBinFolder() ?? "", null, "");
        }

        var bin = FindBinFolder();
        if (bin is null)
        {
            Machine.Missing(
                "There is no PostgreSQL: set PAYPERUSE_TEST_POSTGRES to a connection string, or install the server (Debian package postgresql)."
            );
        }

        var data = Path.Combine(Path.GetTempPath(), "payperuse-postgres-" + Guid.NewGuid().ToString("N"));
        var port = FreePort();
        await RunAsync(bin!, $"initdb -D '{data}' -U postgres -A trust -E UTF8 --locale=C.UTF-8");
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c max_connections=300"
        );
        await RunAsync(bin!, StartLine(data, options));
        await WatchAsync(bin!, data);
        return new PostgresServer(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres"
            ),
            bin!,
            data,
            options
        );
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}_{Guid.NewGuid():N}"
        );
        await using var connection = new NpgsqlConnection(_adminConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is made here.
        command.CommandText = $"CREATE DATABASE {name}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_adminConnectionString)
        {
            Database = name,
            MaxPoolSize = 40,
        }.ConnectionString;
    }

    /// <summary>Stops the server as a power cut would, or in an orderly way, and starts it again.</summary>
    /// <param name="isImmediate">Whether it stops without finishing anything.</param>
    public async Task RestartAsync(bool isImmediate)
    {
        await RunAsync(BinFolder, $"pg_ctl -D '{OwnData}' -w -m {(isImmediate ? "immediate" : "fast")} restart");
    }

    /// <summary>Stops the server as a power cut would.</summary>
    public Task StopAsync() => RunAsync(BinFolder, $"pg_ctl -D '{OwnData}' -w -m immediate stop");

    /// <summary>Starts the server that was stopped, on the same port.</summary>
    public Task StartAgainAsync() => RunAsync(BinFolder, StartLine(OwnData, _options));

    /// <summary>Lets every process of the server stand still: it is there, and does not answer.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets the server go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private string OwnData => _data ?? throw new InvalidOperationException("This server is not ours to stop.");

    private static string StartLine(string data, string options) =>
        $"pg_ctl -D '{data}' -w -t 60 -l '{data}/server.log' -o \"{options}\" start";

    private Task SignalAsync(string signal) =>
        // The first process before its children, so that it makes no new ones meanwhile.
        RunShellAsync(
            $"p=$(head -n 1 '{OwnData}/postmaster.pid') && kill -{signal} $p && for c in $(ps -o pid= --ppid $p); do kill -{signal} $c 2>/dev/null || true; done"
        );

    private void Stop()
    {
        if (_data is null || !Directory.Exists(_data))
        {
            return;
        }

        try
        {
            // A frozen one would not hear that it must stop.
            using var process = Start(
                $"p=$(head -n 1 '{_data}/postmaster.pid') && kill -CONT $p $(ps -o pid= --ppid $p) 2>/dev/null; "
                    + $"'{BinFolder}'/pg_ctl -D '{_data}' -w -m immediate stop >/dev/null 2>&1"
            );
            process.WaitForExit(10_000);
            Directory.Delete(_data, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Left to the machine's own clean-up of temporary files.
        }
    }

    /// <summary>Stops the server once this process is gone, also when it was killed.</summary>
    private static Task WatchAsync(string bin, string data) =>
        RunShellAsync(
            $"( trap '' INT HUP; while ps -p {Environment.ProcessId} >/dev/null; do sleep 1; done; "
                + $"'{bin}'/pg_ctl -D '{data}' -w -m immediate stop; rm -rf '{data}' ) >/dev/null 2>&1 </dev/null &"
        );

    private static Task RunAsync(string bin, string command) =>
        // A server that inherits a pipe keeps it open, so its output goes nowhere.
        RunShellAsync($"'{bin}'/{command} >/dev/null 2>&1 </dev/null");

    private static async Task RunShellAsync(string command)
    {
        using var process = Start(command);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(timeout.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{command}' ended with {process.ExitCode}.");
        }
    }

    private static Process Start(string line)
    {
        // The server refuses to run as root.
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("su") { ArgumentList = { "postgres", "-s", "/bin/sh", "-c", line } }
            : new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", line } };
        start.WorkingDirectory = Path.GetTempPath();
        return Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
    }

    private static string? FindBinFolder()
    {
        var onPath = Machine.Find("pg_ctl");
        if (onPath is not null)
        {
            return Path.GetDirectoryName(onPath);
        }

        const string Debian = "/usr/lib/postgresql";
        return Directory.Exists(Debian)
            ? Directory
                .EnumerateDirectories(Debian)
                .OrderByDescending(d => d, StringComparer.Ordinal)
                .Select(d => Path.Combine(d, "bin"))
                .FirstOrDefault(d => File.Exists(Path.Combine(d, "pg_ctl")))
            : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
