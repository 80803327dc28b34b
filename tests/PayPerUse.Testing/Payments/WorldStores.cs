using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.EfCore;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>What outlives a host: its database. Every host opens it anew, so that what it only remembered dies with it.</summary>
public abstract class WorldStores : IAsyncDisposable
{
    /// <summary>What one host sees of it.</summary>
    public abstract HostStores Open(TimeProvider clock);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The stores of one host.</summary>
public sealed record HostStores(IPaymentStore Payments, IReversalCursors Cursors, ICreditStore Credits)
    : IAsyncDisposable
{
    public IAsyncDisposable? Owner { get; init; }

    public ValueTask DisposeAsync() => Owner?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>In memory that outlives the hosts.</summary>
public sealed class InMemoryWorldStores : WorldStores
{
    private readonly InMemoryPaymentStore _payments = new();
    private InMemoryCreditStore? _credits;

    public override HostStores Open(TimeProvider clock) =>
        new(_payments, _payments, _credits ??= new InMemoryCreditStore(clock));
}

/// <summary>A database of its own, through EF Core.</summary>
public sealed class EfWorldStores : WorldStores
{
    private readonly Action<DbContextOptionsBuilder> _use;
    private readonly string? _file;

    private EfWorldStores(Action<DbContextOptionsBuilder> use, string? file = null)
    {
        _use = use;
        _file = file;
    }

    public static async Task<WorldStores> OnSqliteAsync()
    {
        var file = Path.Combine(Path.GetTempPath(), "payperuse-world-" + Guid.NewGuid().ToString("N") + ".db");
        return await new EfWorldStores(o => o.UseSqlite("Data Source=" + file), file).CreateTablesAsync();
    }

    /// <summary>Skips the test where there is no PostgreSQL.</summary>
    public static async Task<WorldStores> OnPostgresAsync()
    {
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        return await new EfWorldStores(o => o.UseNpgsql(connection)).CreateTablesAsync();
    }

    public override HostStores Open(TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddDbContextFactory<PayPerUseDbContext>(_use);
        services.AddPayPerUse().UseEntityFrameworkCore<PayPerUseDbContext>();
        var built = services.BuildServiceProvider();
        return new HostStores(
            built.GetRequiredService<IPaymentStore>(),
            built.GetRequiredService<IReversalCursors>(),
            built.GetRequiredService<ICreditStore>()
        )
        {
            Owner = built,
        };
    }

    public override ValueTask DisposeAsync()
    {
        if (_file is not null)
        {
            SqliteConnection.ClearAllPools();
            foreach (var suffix in new[] { "", "-wal", "-shm" })
            {
                File.Delete(_file + suffix);
            }
        }

        return base.DisposeAsync();
    }

    private async Task<EfWorldStores> CreateTablesAsync()
    {
        var options = new DbContextOptionsBuilder<PayPerUseDbContext>();
        _use(options);
        await using var context = new PayPerUseDbContext(options.Options);
        await context.Database.EnsureCreatedAsync();
        return this;
    }
}
