using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class SqliteCreditStoreTests : SqliteConformance
{
    public SqliteCreditStoreTests()
        : base(isPortable: false) { }
}

public sealed class PortableCreditStoreTests : SqliteConformance
{
    public PortableCreditStoreTests()
        : base(isPortable: true) { }
}

public abstract class SqliteConformance(bool isPortable) : CreditMergeConformance
{
    private readonly string _file = EfHost.NewSqliteFile();
    private readonly List<EfHost> _hosts = [];

    protected override async Task<ICreditStore> CreateStoreAsync(TimeProvider clock)
    {
        var host = EfHost.OnSqlite(_file, clock, isPortable);
        _hosts.Add(host);
        return (await host.CreateTablesAsync()).Credits;
    }

    protected override Task<ICreditStore> CreateSecondStoreAsync(ICreditStore first, TimeProvider clock)
    {
        var host = EfHost.OnSqlite(_file, clock, isPortable);
        _hosts.Add(host);
        return Task.FromResult(host.Credits);
    }

    protected override async Task<ICreditStore> ReopenStoreAsync(ICreditStore store, TimeProvider clock)
    {
        var host = _hosts.Single(h => h.Credits == store);
        _hosts.Remove(host);
        await host.DisposeAsync();
        return await CreateSecondStoreAsync(store, clock);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        EfHost.Delete(_file);
        await base.DisposeAsync();
    }
}

public sealed class PostgresCreditStoreTests(PostgresDatabase database)
    : PostgresConformance,
        IClassFixture<PostgresDatabase>
{
    protected override string ConnectionString => database.ConnectionString;
}

public abstract class PostgresConformance : CreditMergeConformance
{
    private readonly List<EfHost> _hosts = [];

    /// <summary>A database with the tables.</summary>
    protected abstract string ConnectionString { get; }

    protected override Task<ICreditStore> CreateStoreAsync(TimeProvider clock)
    {
        var host = EfHost.OnPostgres(ConnectionString, clock);
        _hosts.Add(host);
        return Task.FromResult(host.Credits);
    }

    protected override Task<ICreditStore> CreateSecondStoreAsync(ICreditStore first, TimeProvider clock) =>
        CreateStoreAsync(clock);

    protected override async Task<ICreditStore> ReopenStoreAsync(ICreditStore store, TimeProvider clock)
    {
        var host = _hosts.Single(h => h.Credits == store);
        _hosts.Remove(host);
        await host.DisposeAsync();
        return await CreateSecondStoreAsync(store, clock);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
