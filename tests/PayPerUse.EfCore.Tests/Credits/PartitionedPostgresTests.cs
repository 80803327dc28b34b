using Npgsql;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>The whole suite, stories and verifying included, on partitioned credit tables.</summary>
public sealed class PartitionedPostgresTests(PartitionedDatabase database)
    : PostgresConformance,
        IClassFixture<PartitionedDatabase>
{
    private static readonly string[] CreditTables =
    [
        "credit_checkpoints",
        "credit_grants",
        "credit_known_ids",
        "credit_reservations",
        "usage_logs",
        "user_credits",
    ];

    protected override string ConnectionString => database.ConnectionString;

    [Fact]
    public async Task Every_credit_table_is_partitioned_by_the_hash_of_the_account_and_rows_are_in_each()
    {
        var accounts = Enumerable.Range(0, 200).Select(_ => new AccountUnderTest(Store)).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 5))]);
        await TrimAsync(Store, DateTimeOffset.MaxValue);
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Reserve("k", 1))]);
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Token);
        var tables = await PostgresScene.ReadAsync<string[]>(
            connection,
            "SELECT array_agg(relname::text ORDER BY relname) FROM pg_class WHERE relkind = 'p'"
        );
        Assert.All(CreditTables, t => Assert.Contains(t, tables));
        foreach (var table in tables)
        {
            var key = await PostgresScene.ReadAsync<string>(
                connection,
                $"SELECT pg_get_partkeydef('{table}'::regclass)"
            );
            Assert.StartsWith("HASH (account", key, StringComparison.Ordinal);
        }

        foreach (var table in CreditTables)
        {
            var used = await PostgresScene.ReadAsync<long>(connection, $"SELECT count(DISTINCT tableoid) FROM {table}");
            Assert.Equal(PartitionedDatabase.Partitions, used);
        }
    }
}
