using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Notices;

namespace PayPerUse.EfCore.Tests.Notices;

public sealed class SqliteLowBalanceTests : LowBalanceTests, IDisposable
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override void Use(DbContextOptionsBuilder options) => options.UseSqlite("Data Source=" + _file);

    public void Dispose() => EfHost.Delete(_file);
}

public sealed class PostgresLowBalanceTests(PostgresDatabase database)
    : LowBalanceTests,
        IClassFixture<PostgresDatabase>
{
    protected override void Use(DbContextOptionsBuilder options) => options.UseNpgsql(database.ConnectionString);
}

public abstract class LowBalanceTests
{
    private readonly AccountId _anna = new("anna-" + Guid.NewGuid().ToString("N"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_comes_down_is_told_of_once_until_it_was_up_again()
    {
        await using var host = await StartAsync();
        var worker = host.GetRequiredService<CreditEventsWorker>();
        var ledger = host.GetRequiredService<CreditLedger>();
        await worker.DeliverAsync(Token);
        await ledger.GrantAsync(_anna, "g1", 5, "gift", cancellationToken: Token);
        await ledger.SpendAsync(_anna, "s1", 2, "letter", Token);
        await worker.DeliverAsync(Token);
        Assert.Empty(TellsOf(host));

        await ledger.SpendAsync(_anna, "s2", 1, "letter", Token);
        for (var i = 0; i < 3; i++)
        {
            await worker.DeliverAsync(Token);
        }

        await ledger.SpendAsync(_anna, "s3", 1, "letter", Token);
        await worker.DeliverAsync(Token);
        Assert.Equal(2, Assert.Single(TellsOf(host)).Balance);

        await ledger.GrantAsync(_anna, "g2", 5, "gift", cancellationToken: Token);
        await worker.DeliverAsync(Token);
        await ledger.SpendAsync(_anna, "s4", 5, "letter", Token);
        await worker.DeliverAsync(Token);
        Assert.Equal([2, 1], TellsOf(host).Select(n => n.Balance));
        Assert.Equal(2, TellsOf(host).Select(n => n.EventId).Distinct().Count());
    }

    [Fact]
    public async Task What_a_host_that_died_had_not_told_the_next_one_tells()
    {
        await using (var dead = await StartAsync())
        {
            var ledger = dead.GetRequiredService<CreditLedger>();
            await dead.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token);
            await ledger.GrantAsync(_anna, "g1", 5, "gift", cancellationToken: Token);
            await ledger.SpendAsync(_anna, "s1", 4, "letter", Token);
        }

        await using var next = await StartAsync();
        await next.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token);
        Assert.Equal(1, Assert.Single(TellsOf(next)).Balance);
    }

    protected abstract void Use(DbContextOptionsBuilder options);

    private IEnumerable<LowBalanceNotice> TellsOf(IServiceProvider host) =>
        host.GetRequiredService<Told>().Notices.Where(n => n.Account == _anna);

    private async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContextFactory<PayPerUseDbContext>(Use);
        services.AddSingleton<Told>();
        services
            .AddPayPerUse(o => o.LowBalance = 2)
            .UseEntityFrameworkCore<PayPerUseDbContext>()
            .AddCreditEvents<Handler>();
        var host = services.BuildServiceProvider();
        await using var context = await host.GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
            .CreateDbContextAsync(Token);
        await context.Database.EnsureCreatedAsync(Token);
        return host;
    }

    private sealed class Told
    {
        public ConcurrentQueue<LowBalanceNotice> Notices { get; } = new();
    }

    private sealed class Handler(Told told) : ICreditEvents
    {
        public Task LowBalanceAsync(LowBalanceNotice notice, CancellationToken cancellationToken)
        {
            told.Notices.Enqueue(notice);
            return Task.CompletedTask;
        }
    }
}
