using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PayPerUse.Rush;

/// <summary>The simulated bank, on a Kestrel of its own.</summary>
internal sealed class RushBank : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RushBank(WebApplication app) => _app = app;

    public string ApiKey { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    public string ProfileId { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>The base address of its API and of its pay pages.</summary>
    public string Address => _app.Urls.First() + "/simulator/bancontact";

    public static async Task<RushBank> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        RushBank? bank = null;
        builder
            .Services.AddPayPerUse(o => o.Sweep.Enabled = false)
            .AddPayconiqSimulator(o =>
            {
                o.ApiKey = bank!.ApiKey;
                o.ProfileId = bank.ProfileId;
            });
        var app = builder.Build();
        bank = new RushBank(app);
        app.MapPayconiqSimulator();
        await app.StartAsync();
        return bank;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
