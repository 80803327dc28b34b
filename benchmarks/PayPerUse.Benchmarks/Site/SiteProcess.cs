using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PayPerUse.Benchmarks.Site;

/// <summary>The Sinterklaas site as a process of its own, in Development on a free loopback port, as it was built.</summary>
internal sealed class SiteProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly List<string> _log = [];

    private SiteProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What it wrote: warnings and errors.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    public static async Task<SiteProcess> StartAsync(params (string Key, string Value)[] settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Sinterklaas.Web.dll") },
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["Logging__LogLevel__Default"] = "Warning",
                // Every visitor comes from one address.
                ["SignIn__MailsPerHourPerIp"] = "100000",
            },
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The site did not start.");
        var site = new SiteProcess(process, address);
        process.OutputDataReceived += site.Note;
        process.ErrorDataReceived += site.Note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await site.UntilHealthyAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task UntilHealthyAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartTime; )
        {
            if (_process.HasExited)
            {
                break;
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "/health"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException("The site did not start: " + string.Join('\n', Log));
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_log)
            {
                _log.Add(line.Data);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
