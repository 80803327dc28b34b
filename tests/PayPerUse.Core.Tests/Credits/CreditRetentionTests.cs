using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>From the options to what a sweep trims; the stores' own suites say what trimming is.</summary>
public sealed class CreditRetentionTests
{
    private static readonly AccountId Anna = new("anna");

    private readonly FakeTimeProvider _clock = new(RuledAccount.Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_trimmed_unless_an_app_says_how_long_its_log_is_kept()
    {
        await using var services = await ServicesAsync(_ => { });
        _clock.Advance(TimeSpan.FromDays(10_000));
        Assert.Equal(0, await services.GetRequiredService<CreditSweep>().TrimAsync(Token));
    }

    [Theory]
    [InlineData(365, 90, 365)]
    [InlineData(30, 90, 90)]
    [InlineData(1, 200, 200)]
    public async Task Entries_are_kept_for_the_longer_of_the_log_and_its_ids(int logDays, int idDays, int keptDays)
    {
        await using var services = await ServicesAsync(o =>
        {
            o.Retention.Log = TimeSpan.FromDays(logDays);
            o.Retention.Ids = TimeSpan.FromDays(idDays);
        });
        var (ledger, sweep) = (services.GetRequiredService<CreditLedger>(), services.GetRequiredService<CreditSweep>());
        _clock.Advance(TimeSpan.FromDays(keptDays));
        Assert.Equal(0, await sweep.TrimAsync(Token));
        Assert.Equal(CreditStatus.Replayed, (await ledger.SpendAsync(Anna, "s", 1, "letter", Token)).Status);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, await sweep.TrimAsync(Token));
        Assert.Empty(await ledger.ReadHistoryAsync(Anna, cancellationToken: Token));
        Assert.Equal(4, (await ledger.ReadBalanceAsync(Anna, Token)).Balance);
        Assert.Equal(
            CreditStatus.Replayed,
            (await ledger.GrantAsync(Anna, "payment:1", 5, "five", cancellationToken: Token)).Status
        );
    }

    [Fact]
    public async Task A_store_that_cannot_trim_keeps_its_log_for_ever_and_that_is_told_once()
    {
        var log = new LogLines<CreditSweep>();
        var options = Options.Create(new PayPerUseOptions { Retention = { Log = TimeSpan.FromDays(1) } });
        using var store = new ScriptedCreditStore();
        await using var ledger = new CreditLedger(store, options);
        var sweep = new CreditSweep(ledger, options, logger: log);
        Assert.Equal(0, await sweep.TrimAsync(Token));
        Assert.Equal(0, await sweep.TrimAsync(Token));
        Assert.StartsWith("Warning: Retention.Log is set", Assert.Single(log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task What_trims_another_store_than_the_one_in_use_is_told_of(bool hasOwnStore, int told)
    {
        var log = new LogLines<CreditSweep>();
        using var store = new ScriptedCreditStore();
        await using var services = await ServicesAsync(
            o => o.Retention.Log = TimeSpan.FromDays(1),
            s =>
            {
                s.AddSingleton<ILogger<CreditSweep>>(log);
                if (hasOwnStore)
                {
                    s.AddSingleton<ICreditStore>(store);
                }
            }
        );
        await services.GetRequiredService<CreditSweep>().TrimAsync(Token);
        Assert.Equal(told, log.Count(l => l.Contains("ScriptedCreditStore", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_account_that_was_left_alone_because_its_log_does_not_add_up_is_told_of()
    {
        var log = new LogLines<CreditSweep>();
        var finding = new CreditFinding(CreditCheck.Chain, "entry 4 moves -1 from balance 3 to 1000");
        var retention = Substitute.For<ICreditRetention>();
        retention
            .TrimAsync(Arg.Any<CreditTrimOrder>(), Arg.Any<CancellationToken>())
            .Returns(new CreditTrim(1, 0, [new CreditVerdict(Anna.Value, 0, [finding])]));
        await using var services = await ServicesAsync(
            o => o.Retention.Log = TimeSpan.FromDays(1),
            s => s.AddSingleton(retention).AddSingleton<ILogger<CreditSweep>>(log)
        );
        await services.GetRequiredService<CreditSweep>().TrimAsync(Token);
        var told = Assert.Single(log);
        Assert.Contains(Anna.Value, told, StringComparison.Ordinal);
        Assert.Contains(finding.Detail, told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 89.9, "Retention.Ids: must be between 90.00:00:00 and")]
    [InlineData(null, 40_000, "Retention.Ids: must be between 90.00:00:00 and")]
    [InlineData(0.5, 90, "Retention.Log: must be between 1.00:00:00 and")]
    [InlineData(40_000.0, 90, "Retention.Log: must be between 1.00:00:00 and")]
    public void A_time_out_of_its_range_is_named(double? logDays, double idDays, string told)
    {
        var services = new ServiceCollection();
        services.AddPayPerUse(o =>
        {
            o.Retention.Log = logDays is { } days ? TimeSpan.FromDays(days) : null;
            o.Retention.Ids = TimeSpan.FromDays(idDays);
        });
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<PayPerUseOptions>>();
        var error = Assert.Throws<OptionsValidationException>(() => options.Value);
        Assert.StartsWith("PayPerUse: " + told, Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    private async Task<ServiceProvider> ServicesAsync(
        Action<PayPerUseOptions> configure,
        Action<IServiceCollection>? build = null
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddPayPerUse(configure);
        build?.Invoke(services);
        var provider = services.BuildServiceProvider();
        var ledger = provider.GetRequiredService<CreditLedger>();
        await ledger.GrantAsync(Anna, "payment:1", 5, "five", cancellationToken: Token);
        await ledger.SpendAsync(Anna, "s", 1, "letter", Token);
        return provider;
    }
}
