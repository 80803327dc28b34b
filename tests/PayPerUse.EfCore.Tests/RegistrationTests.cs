using System.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Tests;

/// <summary>An app with tables of its own beside ours.</summary>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options)
{
    public DbSet<Letter> Letters => Set<Letter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UsePayPerUse();
}

public sealed class Letter
{
    public int Id { get; set; }
}

public sealed class ForgetfulContext(DbContextOptions<ForgetfulContext> options) : DbContext(options);

public sealed class RegistrationTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly AccountId Account = new("sint");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ways => ["context", "pool", "factory", "pooled factory"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_stores_work_however_the_context_is_added_and_when_called_twice(string way)
    {
        var file = EfHost.NewSqliteFile();
        void Use(DbContextOptionsBuilder o) => o.UseSqlite("Data Source=" + file);
        await using (
            var services = Build(s =>
            {
                _ = way switch
                {
                    "context" => s.AddDbContext<ShopContext>(Use),
                    "pool" => s.AddDbContextPool<ShopContext>(Use),
                    "factory" => s.AddDbContextFactory<ShopContext>(Use),
                    _ => s.AddPooledDbContextFactory<ShopContext>(Use),
                };
                s.AddPayPerUse().UseEntityFrameworkCore<ShopContext>().UseEntityFrameworkCore<ShopContext>();
            })
        )
        {
            await CreateTablesAsync(services);
            await ApplyAsync(services, CreditCommand.Grant(Account, "g", 5, "five"));
            await ApplyAsync(services, CreditCommand.Spend(Account, "s", 2, "letter"));
            Assert.Equal(3, await ReadAsync(services));
            var versions = services.GetRequiredService<ICreditVersions>();
            Assert.Equal(2, (await versions.ReadVersionsAsync([Account], Token))[Account]);
            Assert.Empty(await services.GetRequiredService<IDueCredits>().FindDueAsync(10, Token));
            Assert.Null(await services.GetRequiredService<IPaymentStore>().FindAsync("none", Token));
        }

        EfHost.Delete(file);
    }

    [Fact]
    public async Task A_debit_is_no_part_of_the_apps_transaction()
    {
        var connectionString = await database.CreateAnotherAsync();
        await using var services = Build(s =>
        {
            s.AddDbContext<ShopContext>(o => o.UseNpgsql(connectionString));
            s.AddPayPerUse().UseEntityFrameworkCore<ShopContext>();
        });
        await ApplyAsync(services, CreditCommand.Grant(Account, "g", 5, "five"));
        await using (var scope = services.CreateAsyncScope())
        {
            var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
            await using var transaction = await context.Database.BeginTransactionAsync(Token);
            await ApplyAsync(services, CreditCommand.Spend(Account, "s1", 1, "letter"));
            await transaction.RollbackAsync(Token);
        }

        Assert.Equal(4, await ReadAsync(services));
        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await ApplyAsync(services, CreditCommand.Spend(Account, "s2", 1, "letter"));
            Assert.Equal(3, await ReadAsync(services));

            // Never completed: everything enlisted is undone.
        }

        Assert.Equal(3, await ReadAsync(services));
    }

    [Fact]
    public async Task A_context_without_our_tables_is_told_how_to_get_them()
    {
        await using var services = Build(s =>
        {
            s.AddDbContext<ForgetfulContext>(o => o.UseSqlite("Data Source=unused.db"));
            s.AddPayPerUse().UseEntityFrameworkCore<ForgetfulContext>();
        });
        var error = await Assert.ThrowsAsync<PayPerUseException>(() =>
            ApplyAsync(services, CreditCommand.Grant(Account, "g", 5, "five"))
        );
        Assert.Contains("UsePayPerUse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_the_app_shares_is_refused()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Token);
        await using var services = Build(s =>
        {
            s.AddDbContext<ShopContext>(o => o.UseSqlite(connection));
            s.AddPayPerUse().UseEntityFrameworkCore<ShopContext>();
        });
        var error = await Assert.ThrowsAsync<PayPerUseException>(() => ReadAsync(services));
        Assert.Contains("connection string", error.Message, StringComparison.Ordinal);
        Assert.Equal(System.Data.ConnectionState.Open, connection.State);
    }

    private static ServiceProvider Build(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static async Task CreateTablesAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var factory = scope.ServiceProvider.GetService<IDbContextFactory<ShopContext>>();
        var context = factory is null
            ? scope.ServiceProvider.GetRequiredService<ShopContext>()
            : await factory.CreateDbContextAsync(Token);
        await context.Database.EnsureCreatedAsync(Token);
    }

    private static async Task ApplyAsync(ServiceProvider services, CreditCommand command)
    {
        var store = services.GetRequiredService<ICreditStore>();
        var outcome = (await store.ApplyAsync(new CreditBatch([command]), Token))[0];
        Assert.Equal(CreditStatus.Applied, outcome.Result?.Status);
    }

    private static async Task<long> ReadAsync(ServiceProvider services) =>
        (
            await services.GetRequiredService<ICreditStore>().ReadBalanceAsync(Account, CreditPolicy.Default, Token)
        ).Balance;
}
