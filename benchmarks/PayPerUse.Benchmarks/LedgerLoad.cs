using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.EfCore;

namespace PayPerUse.Benchmarks;

/// <summary>The public ledger with everything on: idempotency, grants, log; 10,000 accounts.</summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    public const int Accounts = 10_000;

    private readonly ServiceProvider _services;
    private readonly AccountId[] _accounts;
    private long _next;

    public LedgerLoad(Action<IServiceCollection> addContext, int accounts = Accounts)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        addContext(services);
        services.AddPayPerUse(o => o.Sweep.Enabled = false).UseEntityFrameworkCore<PayPerUseDbContext>();
        _services = services.BuildServiceProvider();
        Ledger = _services.GetRequiredService<CreditLedger>();
        _accounts = [.. Enumerable.Range(1, accounts).Select(i => new AccountId($"user{i:D7}"))];
    }

    public CreditLedger Ledger { get; }

    public AccountId this[int index] => _accounts[index];

    public async Task CreateAsync()
    {
        await using var context = await _services
            .GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
            .CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
    }

    public async Task GrantAllAsync()
    {
        foreach (var chunk in _accounts.Chunk(2_000))
        {
            var grants = chunk.Select(a => Ledger.GrantAsync(a, "start", 1_000_000_000, "benchmark"));
            foreach (var granted in await Task.WhenAll(grants))
            {
                Expect(granted, CreditStatus.Applied);
            }
        }
    }

    public Task<double> SpendAtRandomAsync(int callers, TimeSpan duration) =>
        Turns.RateAsync(callers, duration, (_, _) => SpendAsync(Random.Shared.Next(_accounts.Length)));

    public Task<double> SpendOnOneAsync(int callers, TimeSpan duration) =>
        Turns.RateAsync(callers, duration, (_, _) => SpendAsync(0));

    public Task<double> LoneLatencyAsync(int calls) =>
        Turns.LatencyAsync(calls, () => SpendAsync(Random.Shared.Next(_accounts.Length)));

    public Task<double> ReserveAndCommitAsync(int callers, TimeSpan duration) =>
        Turns.RateAsync(
            callers,
            duration,
            async (_, _) =>
            {
                var account = _accounts[Random.Shared.Next(_accounts.Length)];
                var reserved = await Ledger.ReserveAsync(account, NextId(), 1, "letter");
                Expect(reserved, CreditStatus.Applied);
                Expect(await Ledger.CommitAsync(reserved.Reservation!.ToId(account)), CreditStatus.Applied);
            }
        );

    public async Task SpendAsync(int index) =>
        Expect(await Ledger.SpendAsync(_accounts[index], NextId(), 1, "letter"), CreditStatus.Applied);

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private string NextId() => "http:" + Guid.NewGuid().ToString("N") + Interlocked.Increment(ref _next);

    private static void Expect(CreditResult result, CreditStatus status)
    {
        if (result.Status != status)
        {
            throw new InvalidOperationException($"Expected {status}, got {result.Status}: {result.Error}");
        }
    }
}
