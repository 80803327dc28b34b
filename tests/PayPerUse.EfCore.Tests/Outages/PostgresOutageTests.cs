using Microsoft.EntityFrameworkCore;
using Npgsql;
using PayPerUse.EfCore.Tests.Credits;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Outages;

/// <summary>The server crashes and is started later.</summary>
public sealed class PostgresDownTests : PostgresOutageTests
{
    protected override Task BeginOutageAsync() => Server.StopAsync();

    protected override Task EndOutageAsync() => Server.StartAgainAsync();
}

/// <summary>The server is there and does nothing, as behind a network that lost it.</summary>
public sealed class PostgresFrozenTests : PostgresOutageTests
{
    protected override Task BeginOutageAsync() => Server.FreezeAsync();

    protected override Task EndOutageAsync() => Server.ThawAsync();
}

/// <summary>The server is frozen for longer than its driver waits, so that the connections are given up meanwhile.</summary>
public sealed class PostgresLostTests : PostgresOutageTests
{
    protected override string Driver => "Command Timeout=1;Timeout=1;Cancellation Timeout=200";

    protected override Task BeginOutageAsync() => Server.FreezeAsync();

    protected override Task EndOutageAsync() => Server.ThawAsync();
}

/// <summary>Somebody's session holds the rows and thinks.</summary>
public sealed class PostgresLockedTests : PostgresOutageTests
{
    private NpgsqlConnection? _other;

    protected override async Task BeginOutageAsync()
    {
        _other = new NpgsqlConnection(ConnectionString);
        await _other.OpenAsync(Token);
        await PostgresScene.ExecuteAsync(_other, "BEGIN; LOCK TABLE user_credits IN ACCESS EXCLUSIVE MODE");
    }

    protected override async Task EndOutageAsync()
    {
        await PostgresScene.ExecuteAsync(_other!, "COMMIT");
        await _other!.DisposeAsync();
    }
}

public abstract class PostgresOutageTests : OutageTests
{
    private PostgresServer? _server;

    private protected PostgresServer Server => _server!;

    private protected string ConnectionString { get; private set; } = "";

    /// <summary>What the connection string says more.</summary>
    protected virtual string Driver => "";

    protected override async Task<Action<DbContextOptionsBuilder>> OpenDatabaseAsync()
    {
        _server = await PostgresServer.StartAsync();
        Assert.SkipWhen(!_server.IsOwn, "A given PostgreSQL is not ours to stop.");
        ConnectionString = await _server.CreateDatabaseAsync() + ";" + Driver;
        return o => o.UseNpgsql(ConnectionString);
    }

    protected override async ValueTask CloseDatabaseAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
