using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class CreditSweepTests
{
    private readonly FakeTimeProvider _clock = new(RuledAccount.Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sweep_performs_what_is_due_and_no_more_accounts_at_once_than_the_option_says()
    {
        await using var services = Services(o => o.Sweep.BatchSize = 2);
        var (ledger, sweep) = (services.GetRequiredService<CreditLedger>(), services.GetRequiredService<CreditSweep>());
        var owners = Enumerable.Range(0, 5).Select(i => new AccountId("user-" + i)).ToArray();
        foreach (var owner in owners)
        {
            await ledger.GrantAsync(owner, "g", 5, "five", RuledAccount.Start.AddDays(1), Token);
            await ledger.ReserveAsync(owner, "k", 2, "letter", cancellationToken: Token);
        }

        Assert.Equal(0, await sweep.SweepAsync(Token));
        _clock.Advance(TimeSpan.FromMinutes(10));
        foreach (var settled in new[] { 2, 2, 1, 0 })
        {
            Assert.Equal(settled, await sweep.SweepAsync(Token));
        }

        foreach (var owner in owners)
        {
            var log = await ledger.ReadHistoryAsync(owner, cancellationToken: Token);
            Assert.Equal(("lapse:k", RuledAccount.Start.AddMinutes(10)), (log[0].OperationId, log[0].At));
        }
    }

    [Fact]
    public async Task A_sweep_tells_listeners_that_a_balance_has_changed()
    {
        await using var services = Services();
        var (ledger, sweep) = (services.GetRequiredService<CreditLedger>(), services.GetRequiredService<CreditSweep>());
        var anna = new AccountId("anna");
        await ledger.GrantAsync(anna, "g", 5, "five", RuledAccount.Start.AddDays(1), Token);
        _clock.Advance(TimeSpan.FromDays(1));
        var heard = new List<AccountId>();
        ledger.Changed += (_, e) => heard.Add(e.Account);
        await sweep.SweepAsync(Token);
        Assert.Equal([anna], heard);
    }

    [Fact]
    public async Task A_store_that_cannot_tell_what_is_due_is_not_swept()
    {
        var options = Options.Create(new PayPerUseOptions());
        await using var ledger = new CreditLedger(new InMemoryCreditStore(_clock), options);
        Assert.Equal(0, await new CreditSweep(ledger, options).SweepAsync(Token));
    }

    [Fact]
    public async Task One_account_that_fails_does_not_keep_the_others_from_being_settled()
    {
        using var store = new ScriptedCreditStore();
        var options = Options.Create(new PayPerUseOptions());
        await using var ledger = new CreditLedger(store, options);
        AccountId[] accounts = [new("anna"), new("bad"), new("carla")];
        store.Script = (batch, inner) =>
            batch.Accounts.Contains(accounts[1]) ? throw LedgerHouse.Lasting() : inner(batch);
        var sweep = new CreditSweep(ledger, options, new Due([.. accounts]));
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => sweep.SweepAsync(Token));
        Assert.Equal("refused", error.Message);
        Assert.Equal(accounts, store.Batches.SelectMany(b => b).Select(c => c.Account).Distinct().Order());
    }

    [Fact]
    public async Task AddPayPerUse_twice_registers_one_ledger_and_one_sweep()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPayPerUse(o => o.Sweep.BatchSize = 7);
        services.AddPayPerUse();
        await using var provider = services.BuildServiceProvider();
        Assert.Single(provider.GetServices<CreditLedger>());
        Assert.Single(provider.GetServices<CreditSweep>());
        Assert.Same(provider.GetRequiredService<ICreditStore>(), provider.GetRequiredService<IDueCredits>());
        Assert.Equal(7, provider.GetRequiredService<IOptions<PayPerUseOptions>>().Value.Sweep.BatchSize);
    }

    private ServiceProvider Services(Action<PayPerUseOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddPayPerUse(configure);
        return services.BuildServiceProvider();
    }

    private sealed class Due(ImmutableArray<AccountId> accounts) : IDueCredits
    {
        public Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken) =>
            Task.FromResult(accounts);
    }
}
