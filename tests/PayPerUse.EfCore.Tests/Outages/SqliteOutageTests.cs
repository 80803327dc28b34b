using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Tests.Outages;

/// <summary>Another process holds the file's write lock. Reading goes on: the log written ahead has what was.</summary>
public sealed class SqliteLockedTests : OutageTests
{
    private readonly string _file = EfHost.NewSqliteFile();
    private SqliteConnection? _other;

    protected override Task<Action<DbContextOptionsBuilder>> OpenDatabaseAsync() =>
        Task.FromResult<Action<DbContextOptionsBuilder>>(o => o.UseSqlite("Data Source=" + _file));

    protected override async Task BeginOutageAsync()
    {
        _other = new SqliteConnection("Pooling=False;Data Source=" + _file);
        await _other.OpenAsync(Token);
        await ExecuteAsync("BEGIN IMMEDIATE");
    }

    protected override async Task EndOutageAsync()
    {
        await ExecuteAsync("COMMIT");
        await _other!.DisposeAsync();
    }

    private protected override Task<OutageAnswer[]> ReadDuringOutageAsync() => Task.FromResult<OutageAnswer[]>([]);

    protected override ValueTask CloseDatabaseAsync()
    {
        EfHost.Delete(_file);
        return ValueTask.CompletedTask;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _other!.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Token);
    }
}
