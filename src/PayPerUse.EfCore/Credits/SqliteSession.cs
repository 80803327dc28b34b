using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PayPerUse.EfCore.Turns;

namespace PayPerUse.EfCore.Credits;

/// <summary>The writer's connection: WAL, a durable fsync at each commit, prepared statements. Used by one thread only.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const string Connect =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; "
        + "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384;";

    // Then SQLite's own lock decides.
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(5);

    private readonly ContextLease _lease;
    private readonly DbConnection _connection;

    // By the statement's own instance: no hash of a long text for each execution.
    private readonly Dictionary<string, DbCommand> _commands = new(ReferenceEqualityComparer.Instance);
    private SemaphoreSlim? _turn;
    private bool _isInTransaction;

    private SqliteSession(ContextLease lease)
    {
        _lease = lease;
        _connection = lease.Context.Database.GetDbConnection();
    }

    public static SqliteSession Open(IContextSource contexts)
    {
        var session = new SqliteSession(contexts.Lease());
        try
        {
            session._connection.Open();
            using var command = session._connection.CreateCommand();
            command.CommandText = Connect;
            command.ExecuteNonQuery();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Begin()
    {
        _turn = SqliteTurns.Of(_connection) is { } turn && turn.Wait(TurnPatience) ? turn : null;
        Run(SqliteCreditSql.Begin);
        _isInTransaction = true;
    }

    public void Commit()
    {
        Run(SqliteCreditSql.Commit);
        _isInTransaction = false;
        GiveTurn();
    }

    /// <summary>Changes whenever another connection, of this process or another, has changed the file.</summary>
    public long ReadDataVersion() => Read(SqliteCreditSql.DataVersion, static r => r.GetInt64(0))[0];

    public void Run(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    public List<T> Read<T>(string sql, Func<DbDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        Rollback();
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
        _lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // The pool keeps the connection and knows nothing of a transaction begun by SQL: left open it would lock the file for all.
    public void Rollback()
    {
        try
        {
            if (_isInTransaction)
            {
                _isInTransaction = false;
                Run(SqliteCreditSql.Rollback);
            }
        }
        catch (Exception)
        {
            // Some failures have ended it already: then there is none to roll back. Any other leaves a connection that begins no
            // transaction any more, and is given up for that.
        }
        finally
        {
            GiveTurn();
        }
    }

    private void GiveTurn()
    {
        _turn?.Release();
        _turn = null;
    }

    private DbCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants and the model's own table names; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "$" + (i + 1).ToString(CultureInfo.InvariantCulture);
                command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
