using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.EfCore.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests;

/// <summary>What one host has: a context, the stores over it. Several can share one database.</summary>
public sealed class EfHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly EfCreditStore? _portable;

    private EfHost(Action<DbContextOptionsBuilder> use, TimeProvider clock, bool isPortable)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(clock);
        services.AddDbContextFactory<PayPerUseDbContext>(use);
        services.AddPayPerUse().UseEntityFrameworkCore<PayPerUseDbContext>();
        _services = services.BuildServiceProvider();
        if (isPortable)
        {
            _portable = new EfCreditStore(_services.GetRequiredService<IContextSource>(), clock, isPortable: true);
        }
    }

    public ICreditStore Credits => (ICreditStore?)_portable ?? _services.GetRequiredService<ICreditStore>();

    public IPaymentStore Payments => _services.GetRequiredService<IPaymentStore>();

    public IServiceProvider Services => _services;

    /// <summary>On whatever the options say.</summary>
    public static EfHost On(Action<DbContextOptionsBuilder> use, TimeProvider? clock = null) =>
        new(use, clock ?? TimeProvider.System, isPortable: false);

    public static EfHost OnSqlite(string file, TimeProvider? clock = null, bool isPortable = false) =>
        new(o => o.UseSqlite("Data Source=" + file), clock ?? TimeProvider.System, isPortable);

    public static EfHost OnPostgres(
        string connectionString,
        TimeProvider? clock = null,
        bool isRetrying = false,
        bool isPortable = false
    ) =>
        new(
            o => o.UseNpgsql(connectionString, n => _ = isRetrying ? n.EnableRetryOnFailure() : n),
            clock ?? TimeProvider.System,
            isPortable
        );

    public static string NewSqliteFile() =>
        Path.Combine(Path.GetTempPath(), "payperuse-" + Guid.NewGuid().ToString("N") + ".db");

    public static void Delete(string file)
    {
        SqliteConnection.ClearAllPools();
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(file + suffix);
        }
    }

    public async Task<EfHost> CreateTablesAsync()
    {
        await using var context = await _services
            .GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
            .CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_portable is not null)
        {
            await _portable.DisposeAsync();
        }

        await _services.DisposeAsync();
    }
}

/// <summary>One database on PostgreSQL for a test class.</summary>
public class PostgresDatabase : IAsyncLifetime
{
    private string _connectionString = "";
    private string? _missing;

    /// <summary>Skips the test that asks when there is no PostgreSQL.</summary>
    public string ConnectionString
    {
        get
        {
            if (_missing is not null)
            {
                Machine.Missing(_missing);
            }

            return _connectionString;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            _connectionString = await CreateAnotherAsync();
        }
        catch (Xunit.Sdk.SkipException e)
        {
            // A fixture cannot skip: xunit would fail each of its tests, those too that need no PostgreSQL.
            _missing = e.Message.Replace("$XunitDynamicSkip$", "", StringComparison.Ordinal);
        }
    }

    /// <summary>Another database with the tables, for a test that breaks things.</summary>
    public async Task<string> CreateAnotherAsync()
    {
        var server = await PostgresServer.SharedAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await CreateTablesAsync(connectionString);
        return connectionString;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected virtual async Task CreateTablesAsync(string connectionString)
    {
        await using var host = await EfHost.OnPostgres(connectionString).CreateTablesAsync();
    }
}
