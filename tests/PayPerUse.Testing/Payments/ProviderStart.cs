using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>A whole host that is started with one provider, to see what stops it and what it is warned of.</summary>
/// <param name="add">Adds the provider from the app's configuration.</param>
/// <param name="settings">Right settings, by key.</param>
public sealed class ProviderStart(
    Action<IPayPerUseBuilder, IConfiguration> add,
    IReadOnlyDictionary<string, string?> settings
)
{
    public string Environment { get; init; } = Environments.Production;

    public Money Price { get; init; } = Money.Euro(5.00m);

    /// <summary>What stopped the host: each failure one sentence, as the founder reads it.</summary>
    public async Task<string[]> FailuresAsync(
        CancellationToken cancellationToken,
        string? key = null,
        string? value = null
    )
    {
        using var host = Build(new Lines(), key, value);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(cancellationToken));
        var failures = error.Failures.ToArray();
        Assert.All(failures, f => Assert.EndsWith(".", f, StringComparison.Ordinal));
        Assert.All(failures, f => Assert.DoesNotContain(". ", f, StringComparison.Ordinal));
        return failures;
    }

    /// <summary>What is warned of at a start that succeeds.</summary>
    public async Task<string[]> WarningsAsync(CancellationToken cancellationToken)
    {
        var lines = new Lines();
        using var host = Build(lines, null, null);
        await host.StartAsync(cancellationToken);
        await host.StopAsync(cancellationToken);
        return [.. lines.All];
    }

    private IHost Build(Lines lines, string? key, string? value)
    {
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environment }
        );
        builder.Configuration.AddInMemoryCollection(settings);
        if (key is not null)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.AddProvider(lines);
        builder.Services.AddSingleton<IPaymentAddresses, NoAddresses>();
        add(
            builder.Services.AddPayPerUse(o => o.Sweep.Enabled = false).AddPack(new CreditPack("five", 5, Price)),
            builder.Configuration
        );
        return builder.Build();
    }

    private sealed class NoAddresses : IPaymentAddresses
    {
        public Uri Callback(string providerId) => new("https://sint.example/payments/webhook/" + providerId);

        public Uri ReturnPage(string paymentId) => new($"https://sint.example/payments/{paymentId}/return");
    }

    private sealed class Lines() : LogSink(LogLevel.Warning)
    {
        public ConcurrentQueue<string> All { get; } = new();

        protected override void Keep(LogLevel level, EventId id, string text, Exception? exception) =>
            All.Enqueue(text);
    }
}
