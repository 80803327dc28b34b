using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Testing;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The real site on a free loopback port, in Development, with a database of its own.</summary>
public class SiteHost : WebApplicationFactory<Program>
{
    private readonly Dictionary<string, string> _settings = new()
    {
        ["urls"] = "http://127.0.0.1:0",
        // Every test comes from one address.
        ["SignIn:MailsPerHourPerIp"] = "100000",
        ["Logging:LogLevel:Default"] = "Warning",
        ["PayPerUse:Sweep:Interval"] = "00:00:01",
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sinterklaas-");
    private bool _isDisposed;

    public SiteHost()
        : this([]) { }

    public SiteHost(params (string Key, string Value)[] settings)
    {
        _settings["ConnectionStrings:Sinterklaas"] = $"Data Source={Path.Combine(_folder.FullName, "site.db")}";
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }

        UseKestrel();
    }

    /// <summary>The voice of the site; a silent and quick one unless a test needs to hear.</summary>
    public IVoice? Voice { get; init; } = new ShortVoice();

    /// <summary>The writer of the site; its own unless a test needs one that fails.</summary>
    public ILetterWriter? Writer { get; init; }

    /// <summary>What else is different in a test.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    public TestClock Clock { get; } = new();

    /// <summary>What the log of the site warned of, or worse.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public string ConnectionString => _settings["ConnectionStrings:Sinterklaas"];

    public Uri Address => ClientOptions.BaseAddress;

    public static (string, string)[] OnPostgreSql(string connectionString) =>
        [("Database:Provider", "PostgreSQL"), ("ConnectionStrings:Sinterklaas", connectionString)];

    public SiteHost Started()
    {
        StartServer();
        return this;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        foreach (var (key, value) in _settings)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<ILoggerProvider>(new Complaining(Complaints));
            if (Voice is not null)
            {
                services.AddSingleton(Voice);
            }

            if (Writer is not null)
            {
                services.AddSingleton(Writer);
            }

            Configure?.Invoke(services);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            _folder.Delete(recursive: true);
        }
    }
}

/// <summary>Keeps what a log warns of.</summary>
public sealed class Complaining(ConcurrentQueue<string> complaints) : LogSink(LogLevel.Warning)
{
    protected override void Keep(LogLevel level, EventId id, string text, Exception? exception) =>
        complaints.Enqueue($"{id}: {text}");
}

/// <summary>Real time that a test can move forward.</summary>
public sealed class TestClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}

/// <summary>A tenth of a second of silence, as WAV.</summary>
public sealed class ShortVoice : IVoice
{
    private const int Rate = 8000;

    public bool IsAvailable => true;

    public Task<Speech?> SpeakAsync(string script, string language, CancellationToken ct)
    {
        var samples = new byte[Rate / 10];
        Array.Fill(samples, (byte)128);
        using var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        writer.Flush();
        return Task.FromResult<Speech?>(new Speech(wav.ToArray(), "audio/wav"));
    }
}
