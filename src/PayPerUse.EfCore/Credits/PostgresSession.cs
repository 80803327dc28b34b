using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Credits;

/// <summary>A connection of the store's own whose statements stay prepared: planning them costs more than running them.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly ContextLease _lease;
    private readonly DbConnection _connection;

    // The store sends few kinds of batches, and each again and again: what is prepared is also kept as an object.
    private readonly List<(string[] Sql, DbBatch Batch)> _prepared = [];

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
            var settings = session._connection.CreateBatch();
            await using (settings.ConfigureAwait(false))
            {
                foreach (var setting in PostgresCreditSql.Settings)
                {
                    Add(settings, setting, 0);
                }

                await settings.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends statements in one round trip and reads each one's rows. Without a BEGIN they are one transaction.</summary>
    public async Task ExecuteAsync(IReadOnlyList<PostgresStatement> statements, CancellationToken cancellationToken)
    {
        var batch = Find(statements) ?? await PrepareAsync(statements, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < statements.Count; i++)
        {
            var parameters = batch.BatchCommands[i].Parameters;
            for (var j = 0; j < parameters.Count; j++)
            {
                parameters[j].Value = statements[i].Values[j];
            }
        }

        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            foreach (var statement in statements)
            {
                if (statement.Read is null)
                {
                    // Statements without rows give no result set.
                    continue;
                }

                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    statement.Read(reader);
                }

                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false)) { }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, batch) in _prepared)
        {
            await batch.DisposeAsync().ConfigureAwait(false);
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
    }

    private DbBatch? Find(IReadOnlyList<PostgresStatement> statements)
    {
        foreach (var (sql, batch) in _prepared)
        {
            var isSame = sql.Length == statements.Count;
            for (var i = 0; isSame && i < sql.Length; i++)
            {
                isSame = ReferenceEquals(sql[i], statements[i].Sql);
            }

            if (isSame)
            {
                return batch;
            }
        }

        return null;
    }

    private async Task<DbBatch> PrepareAsync(
        IReadOnlyList<PostgresStatement> statements,
        CancellationToken cancellationToken
    )
    {
        var batch = _connection.CreateBatch();
        try
        {
            foreach (var statement in statements)
            {
                Add(batch, statement.Sql, statement.Values.Length);
                for (var i = 0; i < statement.Values.Length; i++)
                {
                    // A type to prepare for.
                    batch.BatchCommands[^1].Parameters[i].Value = statement.Values[i];
                }
            }

            await batch.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await batch.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _prepared.Add(([.. statements.Select(s => s.Sql)], batch));
        return batch;
    }

    private static void Add(DbBatch batch, string sql, int parameters)
    {
        var command = batch.CreateBatchCommand();
#pragma warning disable CA2100 // Constants and the model's own table names; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            // Without a name a parameter is positional: $1, $2 …
            command.Parameters.Add(command.CreateParameter());
        }

        batch.BatchCommands.Add(command);
    }
}
