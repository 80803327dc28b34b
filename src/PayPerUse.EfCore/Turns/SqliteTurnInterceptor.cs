using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PayPerUse.EfCore.Turns;

/// <summary>
/// Lets what a context writes wait for its turn: a transaction from its beginning to its end, and a command that is its own
/// transaction. Reads wait for nobody. Calls without <c>Async</c> do not wait either, and meet SQLite's own lock.
/// </summary>
internal sealed class SqliteTurnInterceptor : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor
{
    public static readonly SqliteTurnInterceptor Instance = new();

    // As long as Microsoft.Data.Sqlite tries by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<DbConnection, Held> _held = new(ReferenceEqualityComparer.Instance);

    private enum Owner
    {
        Transaction,
        Command,
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default
    )
    {
        await TakeAsync(connection, Owner.Transaction, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    ) => EndAsync(eventData);

    public Task TransactionRolledBackAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    ) => EndAsync(eventData);

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        await TakeAsync(command, eventData, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command,
        CommandExecutedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        Give(eventData.Connection, Owner.Command);
        return ValueTask.FromResult(result);
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default
    )
    {
        await TakeAsync(command, eventData, cancellationToken).ConfigureAwait(false);
        return result;
    }

    public InterceptionResult DataReaderDisposing(
        DbCommand command,
        DataReaderDisposingEventData eventData,
        InterceptionResult result
    )
    {
        Give(command.Connection, Owner.Command);
        return result;
    }

    public Task CommandFailedAsync(
        DbCommand command,
        CommandErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Give(eventData.Connection, Owner.Command);
        return Task.CompletedTask;
    }

    // What was neither committed nor rolled back ends here.
    public InterceptionResult ConnectionClosing(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    )
    {
        Give(connection);
        return result;
    }

    public ValueTask<InterceptionResult> ConnectionClosingAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    ) => ValueTask.FromResult(ConnectionClosing(connection, eventData, result));

    public InterceptionResult ConnectionDisposing(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    ) => ConnectionClosing(connection, eventData, result);

    public ValueTask<InterceptionResult> ConnectionDisposingAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    ) => ConnectionClosingAsync(connection, eventData, result);

    private Task EndAsync(TransactionEndEventData eventData)
    {
        Give(eventData.Context?.Database.GetDbConnection(), Owner.Transaction);
        return Task.CompletedTask;
    }

    private Task TakeAsync(DbCommand command, CommandEventData eventData, CancellationToken cancellationToken) =>
        command is { Connection: { } connection, Transaction: null }
        && eventData.CommandSource
            is CommandSource.SaveChanges
                or CommandSource.ExecuteUpdate
                or CommandSource.ExecuteDelete
                or CommandSource.ExecuteSqlRaw
            ? TakeAsync(connection, Owner.Command, cancellationToken)
            : Task.CompletedTask;

    private async Task TakeAsync(DbConnection connection, Owner owner, CancellationToken cancellationToken)
    {
        if (_held.ContainsKey(connection) || SqliteTurns.Of(connection) is not { } turn)
        {
            return;
        }

        if (!await turn.WaitAsync(Patience, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException(
                $"{connection.DataSource} was being written to by others for {Patience.TotalSeconds} seconds."
            );
        }

        _held[connection] = new Held(turn, owner);
    }

    private void Give(DbConnection? connection, Owner? owner = null)
    {
        if (
            connection is not null
            && _held.TryGetValue(connection, out var held)
            && (owner is null || held.Owner == owner)
            && _held.TryRemove(KeyValuePair.Create(connection, held))
        )
        {
            held.Turn.Release();
        }
    }

    private sealed record Held(SemaphoreSlim Turn, Owner Owner);
}
