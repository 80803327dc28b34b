using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>The plan of a sweep on SQLite: it walks an index in order, and so stops at its limit.</summary>
public sealed class SqliteSweepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_for_what_is_due_walks_indexes_in_order_whatever_the_number_of_accounts()
    {
        var file = EfHost.NewSqliteFile();
        var heard = new Commands();
        var crowd = new SweepCrowd();
        try
        {
            await using var host = EfHost.On(
                o => o.UseSqlite("Data Source=" + file).AddInterceptors(heard),
                crowd.Clock
            );
            await host.CreateTablesAsync();
            await crowd.GatherAsync(host.Credits, Token);
            await using var connection = new SqliteConnection("Pooling=False;Data Source=" + file);
            await connection.OpenAsync(Token);
            foreach (var hasStatistics in new[] { false, true })
            {
                heard.Plans.Clear();
                heard.Plan = true;
                await SweepCrowd.FindAsync(host.Credits, Token);
                heard.Plan = false;
                Assert.NotEmpty(heard.Plans);
                Assert.All(heard.Plans, step => Assert.Matches("^SEARCH .* USING (COVERING )?INDEX ", step));
                await using var analyze = connection.CreateCommand();
                analyze.CommandText = "ANALYZE";
                await analyze.ExecuteNonQueryAsync(Token);
            }
        }
        finally
        {
            EfHost.Delete(file);
        }
    }

    /// <summary>Asks SQLite for the plan of each query before it runs.</summary>
    private sealed class Commands : DbCommandInterceptor
    {
        public bool Plan { get; set; }

        public List<string> Plans { get; } = [];

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default
        )
        {
            if (Plan)
            {
                var sql = command.CommandText;
                command.CommandText = "EXPLAIN QUERY PLAN " + sql;
                await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
                {
                    while (await reader.ReadAsync(cancellationToken))
                    {
                        Plans.Add(reader.GetString(3));
                    }
                }

                command.CommandText = sql;
            }

            return result;
        }
    }
}
