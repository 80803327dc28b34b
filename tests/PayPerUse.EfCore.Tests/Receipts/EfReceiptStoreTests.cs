using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Receipts;
using PayPerUse.Testing.Receipts;

namespace PayPerUse.EfCore.Tests.Receipts;

public sealed class SqliteReceiptStoreTests : EfReceiptStoreConformance
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override Task<EfHost> CreateHostAsync() => EfHost.OnSqlite(_file).CreateTablesAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EfHost.Delete(_file);
    }
}

public sealed class PostgresReceiptStoreTests(PostgresDatabase database)
    : EfReceiptStoreConformance,
        IClassFixture<PostgresDatabase>
{
    protected override Task<EfHost> CreateHostAsync() => Task.FromResult(EfHost.OnPostgres(database.ConnectionString));
}

/// <summary>The same again for apps that let EF Core retry.</summary>
public sealed class RetryingPostgresReceiptStoreTests(PostgresDatabase database)
    : EfReceiptStoreConformance,
        IClassFixture<PostgresDatabase>
{
    protected override Task<EfHost> CreateHostAsync() =>
        Task.FromResult(EfHost.OnPostgres(database.ConnectionString, isRetrying: true));
}

public abstract class EfReceiptStoreConformance : ReceiptStoreConformance
{
    private readonly List<EfHost> _hosts = [];

    protected abstract Task<EfHost> CreateHostAsync();

    protected override async Task<IReceiptStore> CreateStoreAsync()
    {
        _hosts.Add(await CreateHostAsync());
        return _hosts[^1].Services.GetRequiredService<IReceiptStore>();
    }

    protected override Task<IReceiptStore> CreateSecondStoreAsync() => CreateStoreAsync();

    public override async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
