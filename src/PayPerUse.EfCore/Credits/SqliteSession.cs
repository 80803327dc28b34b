using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>The writer's connection: WAL, a durable fsync at each commit, prepared statements. Used by one thread only.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const string Connect =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON;";

    private readonly ContextLease _lease;
    private readonly DbConnection _connection;
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);
    private readonly SqliteCreditSql _sql;
    private bool _isInTransaction;

    private SqliteSession(ContextLease lease, CreditTables tables)
    {
        _lease = lease;
        _connection = lease.Context.Database.GetDbConnection();
        _sql = new SqliteCreditSql(tables);
    }

    public static SqliteSession Open(IContextSource contexts, CreditTables tables)
    {
        var session = new SqliteSession(contexts.Lease(), tables);
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
        Run("BEGIN IMMEDIATE");
        _isInTransaction = true;
    }

    public void Commit()
    {
        Run("COMMIT");
        _isInTransaction = false;
    }

    public ImmutableArray<CreditResult> Apply(CreditBatch batch, DateTimeOffset now)
    {
        var names = batch.Names.ToLookup(n => n.Account, n => n.Id);
        var loaded = batch.Accounts.Select(a => Load(a, [.. names[a]], now)).OfType<LoadedCreditAccount>().ToArray();
        var changes = batch.Apply(loaded, now);
        foreach (var change in changes.Accounts)
        {
            Save(change);
        }

        return changes.Results;
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
    private void Rollback()
    {
        if (!_isInTransaction)
        {
            return;
        }

        try
        {
            Run("ROLLBACK");
        }
        catch (DbException)
        {
            // Some failures have ended it already: then there is none to roll back.
        }
    }

    private LoadedCreditAccount? Load(AccountId account, string[] names, DateTimeOffset now)
    {
        var value = account.Value;
        var row = Read(_sql.ReadAccount, DbValues.ReadAccount, value).SingleOrDefault();
        if (row is null)
        {
            return null;
        }

        var grants = Read(_sql.ReadLiveGrants, DbValues.ReadGrant, value);
        var time = Math.Max(now.ToUnixTimeMilliseconds(), row.LastTime);
        var reservations = Read(_sql.ReadDueReservations, DbValues.ReadReservation, value, time);
        var known = new List<CreditEntry>();
        foreach (var name in names)
        {
            known.AddRange(Read(_sql.ReadKnown, DbValues.ReadEntry, value, name).Select(k => k.ToEntry()));
            grants.AddRange(Read(_sql.ReadEndedGrant, DbValues.ReadGrant, value, name));
            reservations.AddRange(Read(_sql.ReadReservation, DbValues.ReadReservation, value, name));
        }

        return new LoadedCreditAccount(row.ToAccount(grants, reservations), known);
    }

    private void Save(CreditAccountChange change)
    {
        var account = change.After.Id;
        var row = change.After.ToRow();
        Run(
            _sql.SaveAccount,
            row.Account,
            row.Free,
            row.Reserved,
            row.Debt,
            row.RateWindowStart,
            row.RateCount,
            row.LastTime,
            row.Sequence,
            row.Version
        );
        foreach (var g in change.Grants.Select(g => g.ToRow(account)))
        {
            Run(
                _sql.SaveGrant,
                g.Account,
                g.GrantId,
                g.Source,
                g.Credits,
                g.Free,
                g.Reserved,
                g.Revoked,
                g.GrantedAt,
                g.ExpiresAt,
                g.UsableUntil,
                g.IsLive
            );
        }

        foreach (var r in change.Reservations.Select(r => r.ToRow(account)))
        {
            Run(
                _sql.SaveReservation,
                r.Account,
                r.OperationId,
                r.Attempt,
                r.Action,
                r.Credits,
                r.Committed,
                r.State,
                r.ReservedAt,
                r.Deadline,
                r.BalanceAfter,
                r.BalanceAtEnd,
                r.EndedAt,
                r.Burns
            );
        }

        foreach (var e in change.Entries.Select(e => e.ToRow(account)))
        {
            Run(
                _sql.InsertLog,
                e.Account,
                e.Sequence,
                e.OperationId,
                e.Attempt,
                e.Kind,
                e.Action,
                e.Credits,
                e.Balance,
                e.Target,
                e.Grants,
                e.At
            );
        }
    }

    private void Run(string sql, params object?[] values) => Prepared(sql, values).ExecuteNonQuery();

    private List<T> Read<T>(string sql, Func<DbDataReader, T> read, params object?[] values)
    {
        using var reader = Prepared(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private DbCommand Prepared(string sql, object?[] values)
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
                parameter.ParameterName = "$" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
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
