using Npgsql;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>The work of a sweep, counted by PostgreSQL itself.</summary>
public sealed class PostgresSweepTests(PostgresDatabase database)
    : SweepTests(database),
        IClassFixture<PostgresDatabase>;

/// <summary>The same where the rows are spread over partitions: each may be looked at once more than needed.</summary>
public sealed class PartitionedSweepTests(PartitionedDatabase database)
    : SweepTests(database),
        IClassFixture<PartitionedDatabase>
{
    protected override int Places => PartitionedDatabase.Partitions;
}

public abstract class SweepTests(PostgresDatabase database)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>In how many places a table's rows are.</summary>
    protected virtual int Places => 1;

    [Fact]
    public async Task A_look_for_what_is_due_reads_no_more_rows_than_it_may_find_whatever_the_number_of_accounts()
    {
        var crowd = new SweepCrowd();
        var connectionString = await database.CreateAnotherAsync();
        await using var scene = new PostgresScene(connectionString, EfHost.OnPostgres(connectionString, crowd.Clock));
        await crowd.GatherAsync(scene.Store, Token);
        await scene.ExecuteAsync("ANALYZE");
        var before = await CountAsync(scene);

        await using (var host = EfHost.OnPostgres(connectionString + ";Application Name=sweeper", crowd.Clock))
        {
            await SweepCrowd.FindAsync(host.Credits, Token);
        }

        // Reservations and grants are looked for apart, each up to the limit.
        var (inOrder, byIndex) = await CountAsync(scene) - before;
        Assert.Equal(0, inOrder);
        Assert.InRange(byIndex, SweepCrowd.Limit, 2 * (SweepCrowd.Limit + Places));
    }

    /// <summary>Rows read from the credit tables since the database was made. A connection's are counted when it ends.</summary>
    private static async Task<RowsRead> CountAsync(PostgresScene scene)
    {
        await using var connection = await scene.ConnectAsync();
        await scene.EndConnectionsAsync();
        var counts = await PostgresScene.ReadAsync<long[]>(
            connection,
            "SELECT ARRAY[sum(seq_tup_read), sum(idx_tup_fetch)]::bigint[] FROM pg_stat_user_tables WHERE relname ~ '^(user_|credit_|usage_)'"
        );
        return new RowsRead(counts[0], counts[1]);
    }

    private sealed record RowsRead(long InOrder, long ByIndex)
    {
        public static RowsRead operator -(RowsRead after, RowsRead before) =>
            new(after.InOrder - before.InOrder, after.ByIndex - before.ByIndex);
    }
}
