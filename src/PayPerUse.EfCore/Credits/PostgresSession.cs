using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Credits;

/// <summary>A connection of the store's own whose statements stay prepared: planning them costs more than running them.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly ContextLease _lease;
    private readonly DbConnection _connection;

    private PostgresSession(ContextLease lease)
    {
        _lease = lease;
        _connection = lease.Context.Database.GetDbConnection();
    }

    public bool IsUsable => _connection.State == ConnectionState.Open;

    public static async Task<PostgresSession> OpenAsync(IContextSource contexts, CancellationToken cancellationToken)
    {
        var session = new PostgresSession(contexts.Lease());
        try
        {
            await session._connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await session
                .ExecuteAsync(
                    [.. PostgresCreditSql.PlanForKeyLookups.Select(s => new Statement(s))],
                    isPrepared: false,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends statements in one round trip and reads each one's rows.</summary>
    public async Task ExecuteAsync(
        IReadOnlyList<Statement> statements,
        bool isPrepared,
        CancellationToken cancellationToken
    )
    {
        var batch = Make(statements);
        await using (batch.ConfigureAwait(false))
        {
            if (isPrepared)
            {
                await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
            }

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                foreach (var statement in statements.Where(s => s.Read is not null))
                {
                    // Statements without rows give no result set.
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    {
                        statement.Read!(reader);
                    }

                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                }

                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false)) { }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
    }

    private DbBatch Make(IReadOnlyList<Statement> statements)
    {
        var batch = _connection.CreateBatch();
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // Constants and the model's own table names; values are parameters.
            command.CommandText = statement.Sql;
#pragma warning restore CA2100
            foreach (var value in statement.Values)
            {
                // Without a name a parameter is positional: $1, $2 …
                var parameter = command.CreateParameter();
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    /// <summary>One statement, its positional values, and what to do with its rows.</summary>
    internal sealed class Statement(string sql, params object[] values)
    {
        public string Sql { get; } = sql;

        public object[] Values { get; } = values;

        public Action<DbDataReader>? Read { get; init; }
    }
}
