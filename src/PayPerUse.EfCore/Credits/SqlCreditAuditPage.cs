using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// A page in one snapshot, on a connection of its own: all accounts after one and up to another. Reading by range, not by name,
/// also finds what is left of an account without a row.
/// </summary>
internal sealed class SqlCreditAuditPage : ICreditAuditPage
{
    private readonly ContextLease _lease;
    private readonly DbConnection _connection;
    private readonly CreditTables _tables;
    private readonly bool _isNamed;
    private readonly string _after;
    private bool _isEnded;

    private SqlCreditAuditPage(ContextLease lease, bool isNamed, string after)
    {
        _lease = lease;
        _connection = lease.Context.Database.GetDbConnection();
        _tables = CreditTables.Of(lease.Context);
        _isNamed = isNamed;
        _after = after;
    }

    public ImmutableArray<CreditAuditAccount> Accounts { get; private set; } = [];

    public string? Next { get; private set; }

    private string Range => Next is null ? "account > $1" : "account > $1 AND account <= $2";

    private object[] RangeValues => Next is null ? [_after] : [_after, Next];

    /// <summary>Opens a page; on failure the lease stays the caller's.</summary>
    public static async Task<ICreditAuditPage> OpenAsync(
        ContextLease lease,
        string begin,
        bool isNamed,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = new SqlCreditAuditPage(lease, isNamed, after ?? "");
        await page._connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await page.ExecuteAsync(begin, cancellationToken).ConfigureAwait(false);
        try
        {
            await page.ReadAsync(limit, cancellationToken).ConfigureAwait(false);
            return page;
        }
        catch
        {
            await page.EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var command = Command(
            $"SELECT {DbValues.EntryColumns} FROM {_tables.Log} WHERE {Range} ORDER BY account, sequence",
            RangeValues
        );
        await using (command.ConfigureAwait(false))
        {
            var reader = await InOwnWordsAsync(() => command.ExecuteReaderAsync(cancellationToken))
                .ConfigureAwait(false);
            var isRead = false;
            try
            {
                while (await InOwnWordsAsync(() => reader.ReadAsync(cancellationToken)).ConfigureAwait(false))
                {
                    yield return ReadLine(reader);
                }

                isRead = true;
            }
            finally
            {
                await CloseAsync(command, reader, isRead).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        await EndAsync().ConfigureAwait(false);
        await _lease.DisposeAsync().ConfigureAwait(false);
    }

    private static CreditAuditLine ReadLine(DbDataReader reader)
    {
        try
        {
            return CreditAuditRows.ToLine(DbValues.ReadEntry(reader));
        }
        catch (Exception e) when (CreditAuditRows.IsUnreadable(e))
        {
            return new CreditAuditLine(reader.GetString(0), reader.GetInt64(1), null, e.Message);
        }
    }

    private static async Task CloseAsync(DbCommand command, DbDataReader reader, bool isRead)
    {
        try
        {
            if (!isRead)
            {
                // A reader that closes reads what is left, which may be millions of rows.
                command.Cancel();
            }

            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            // Nobody wants to hear how a reading ended that was given up.
        }
    }

    private static async Task<T> InOwnWordsAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    private async Task ReadAsync(int limit, CancellationToken cancellationToken)
    {
        // A page also ends where its grants, open reservations or known ids become many.
        await QueryAsync(
                $"""
                SELECT min(account) FROM (
                    SELECT account FROM (SELECT account FROM {_tables.Accounts} WHERE account > $1 ORDER BY account LIMIT 1 OFFSET $2) a
                    UNION ALL
                    SELECT account FROM (SELECT account FROM {_tables.Grants} WHERE account > $1 ORDER BY account LIMIT 1 OFFSET $3) g
                    UNION ALL
                    SELECT account FROM (SELECT account FROM {_tables.Reservations} WHERE account > $1 AND state = 1 ORDER BY account LIMIT 1 OFFSET $3) r
                    UNION ALL
                    SELECT account FROM (SELECT account FROM {_tables.KnownIds} WHERE account > $1 ORDER BY account LIMIT 1 OFFSET $3) k
                ) ends
                """,
                [_after, limit - 1L, CreditAuditPages.MostHeld(limit) - 1],
                reader => Next = reader.IsDBNull(0) ? null : reader.GetString(0),
                cancellationToken
            )
            .ConfigureAwait(false);

        var rows = new CreditAuditRows();
        await QueryAsync(
                $"SELECT {DbValues.AccountRowColumns} FROM {_tables.Accounts} WHERE {Range} ORDER BY account",
                RangeValues,
                Reading(rows, DbValues.ReadAccount, rows.Add),
                cancellationToken
            )
            .ConfigureAwait(false);
        await QueryAsync(
                $"SELECT {DbValues.GrantColumns} FROM {_tables.Grants} WHERE {Range} ORDER BY account",
                RangeValues,
                Reading(rows, DbValues.ReadGrant, rows.Add),
                cancellationToken
            )
            .ConfigureAwait(false);
        await QueryAsync(
                $"SELECT {DbValues.ReservationColumns} FROM {_tables.Reservations} WHERE {Range} AND state = 1 ORDER BY account",
                RangeValues,
                Reading(rows, DbValues.ReadReservation, rows.Add),
                cancellationToken
            )
            .ConfigureAwait(false);
        await QueryAsync(
                $"SELECT {DbValues.CheckpointColumns} FROM {_tables.Checkpoints} WHERE {Range} ORDER BY account",
                RangeValues,
                Reading(rows, DbValues.ReadCheckpoint, rows.Add),
                cancellationToken
            )
            .ConfigureAwait(false);
        await QueryAsync(
                $"SELECT {DbValues.KnownIdColumns} FROM {_tables.KnownIds} WHERE {Range} ORDER BY account",
                RangeValues,
                Reading(rows, DbValues.ReadKnownId, rows.Add),
                cancellationToken
            )
            .ConfigureAwait(false);
        await QueryAsync(
                $"""
                SELECT account, operation_id FROM {_tables.Log} WHERE {Range} AND kind IN ({CreditColumns.KeyKinds})
                GROUP BY account, operation_id HAVING count(*) > 1 LIMIT {CreditAuditPages.MaxRepeatedIds}
                """,
                RangeValues,
                reader => rows.AddRepeatedId(reader.GetString(0), reader.GetString(1)),
                cancellationToken
            )
            .ConfigureAwait(false);
        Accounts = rows.ToAccounts();
    }

    private static Action<DbDataReader> Reading<TRow>(
        CreditAuditRows rows,
        Func<DbDataReader, TRow> read,
        Action<TRow> add
    ) =>
        reader =>
        {
            TRow row;
            try
            {
                row = read(reader);
            }
            catch (Exception e) when (CreditAuditRows.IsUnreadable(e))
            {
                rows.AddOddity(reader.GetString(0), $"a {typeof(TRow).Name} cannot be read: {e.Message}");
                return;
            }

            add(row);
        };

    private async Task QueryAsync(
        string sql,
        object[] values,
        Action<DbDataReader> read,
        CancellationToken cancellationToken
    )
    {
        var command = Command(sql, values);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    read(reader);
                }
            }
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        var command = Command(sql, []);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            await ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            // Nothing was written, and the connection is closed in any case.
        }

        await _connection.CloseAsync().ConfigureAwait(false);
    }

    private DbCommand Command(string sql, object[] values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants and the model's own table names; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            // Without a name a parameter is positional, where the database knows such.
            var parameter = command.CreateParameter();
            if (_isNamed)
            {
                parameter.ParameterName = "$" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
