using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.EfCore.Tests;

/// <summary>One model on the database that a setting names.</summary>
public sealed class DatabaseChoiceTests
{
    [Theory]
    [InlineData(null, typeof(SqliteChosen))]
    [InlineData("", typeof(SqliteChosen))]
    [InlineData("sqlite", typeof(SqliteChosen))]
    [InlineData("POSTGRESQL", typeof(PostgresChosen))]
    public async Task The_app_works_with_the_context_that_the_setting_names(string? provider, Type context)
    {
        await using var services = Build(provider, "Host=db.example;Data Source=x");
        await using var scope = services.CreateAsyncScope();

        await using var made = await services
            .GetRequiredService<IDbContextFactory<Chosen>>()
            .CreateDbContextAsync(TestContext.Current.CancellationToken);
        var scoped = scope.ServiceProvider.GetRequiredService<Chosen>();

        Assert.IsType(context, made);
        Assert.IsType(context, scoped);
        Assert.NotSame(made, scoped);
        Assert.Same(scoped, scope.ServiceProvider.GetRequiredService<Chosen>());
    }

    [Fact]
    public async Task A_database_may_have_a_connection_string_of_its_own_making_where_none_is_set()
    {
        await using var services = Build("Sqlite", connectionString: null);
        await using var scope = services.CreateAsyncScope();

        var database = scope.ServiceProvider.GetRequiredService<Chosen>().Database;

        Assert.Equal("Data Source=made.db", database.GetConnectionString());
    }

    [Fact]
    public async Task The_tools_find_the_others_too_which_never_see_the_connection_string()
    {
        await using var services = Build("Sqlite", "Data Source=app.db");
        await using var scope = services.CreateAsyncScope();

        Assert.Contains(
            typeof(PostgresChosen),
            scope.ServiceProvider.GetServices<DbContextOptions>().Select(o => o.ContextType)
        );
        Assert.Null(scope.ServiceProvider.GetRequiredService<PostgresChosen>().Database.GetConnectionString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_connection_string_that_is_missing_is_named(string? connectionString)
    {
        var e = Assert.Throws<PayPerUseException>(() => Build("PostgreSQL", connectionString));

        Assert.Equal("Database:Provider is PostgreSQL: set ConnectionStrings:App too.", e.Message);
    }

    [Fact]
    public void A_database_that_nobody_added_is_refused_with_those_that_there_are()
    {
        var e = Assert.Throws<PayPerUseException>(() => Build("Oracle", "x"));

        Assert.Equal("Database:Provider is 'Oracle': use Sqlite or PostgreSQL.", e.Message);
    }

    private static ServiceProvider Build(string? provider, string? connectionString)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["ConnectionStrings:App"] = connectionString,
        };
        return new ServiceCollection()
            .AddDatabaseChoice<Chosen>(
                new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
                "App",
                databases =>
                    databases
                        .Add<SqliteChosen>("Sqlite", (o, c) => o.UseSqlite(c), () => "Data Source=made.db")
                        .Add<PostgresChosen>("PostgreSQL", (o, c) => o.UseNpgsql(c))
            )
            .BuildServiceProvider(validateScopes: true);
    }

    private abstract class Chosen(DbContextOptions options) : DbContext(options);

    private sealed class SqliteChosen(DbContextOptions<SqliteChosen> options) : Chosen(options);

    private sealed class PostgresChosen(DbContextOptions<PostgresChosen> options) : Chosen(options);
}
