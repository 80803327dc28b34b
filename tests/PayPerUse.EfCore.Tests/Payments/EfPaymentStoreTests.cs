using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Notices;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.EfCore.Tests.Payments;

public sealed class SqlitePaymentStoreTests : EfPaymentStoreConformance
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override async Task<IPaymentStore> CreateStoreAsync() =>
        (await Add(EfHost.OnSqlite(_file)).CreateTablesAsync()).Payments;

    protected override Task<IPaymentStore> CreateSecondStoreAsync(IPaymentStore first) =>
        Task.FromResult(Add(EfHost.OnSqlite(_file)).Payments);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EfHost.Delete(_file);
    }
}

public sealed class PostgresPaymentStoreTests(PostgresDatabase database)
    : EfPaymentStoreConformance,
        IClassFixture<PostgresDatabase>
{
    protected override Task<IPaymentStore> CreateStoreAsync() =>
        Task.FromResult(Add(EfHost.OnPostgres(database.ConnectionString)).Payments);

    protected override Task<IPaymentStore> CreateSecondStoreAsync(IPaymentStore first) => CreateStoreAsync();
}

/// <summary>The same again for apps that let EF Core retry.</summary>
public sealed class RetryingPostgresPaymentStoreTests(PostgresDatabase database)
    : EfPaymentStoreConformance,
        IClassFixture<PostgresDatabase>
{
    protected override Task<IPaymentStore> CreateStoreAsync() =>
        Task.FromResult(Add(EfHost.OnPostgres(database.ConnectionString, isRetrying: true)).Payments);

    protected override Task<IPaymentStore> CreateSecondStoreAsync(IPaymentStore first) => CreateStoreAsync();
}

public abstract class EfPaymentStoreConformance : PaymentStoreConformance
{
    private readonly List<EfHost> _hosts = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override IPaymentOutbox OutboxOf(IPaymentStore store) =>
        _hosts.First(h => h.Payments == store).Services.GetRequiredService<IPaymentOutbox>();

    protected EfHost Add(EfHost host)
    {
        _hosts.Add(host);
        return host;
    }
}
