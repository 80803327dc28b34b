using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Crash;
using PayPerUse.Notices;

namespace PayPerUse.EfCore.Tests.Notices;

public sealed class SqliteNoticeCrashTests : NoticeCrashTests, IDisposable
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override string Database => "sqlite";

    protected override async Task<string> CreateAsync()
    {
        await using var host = await EfHost.OnSqlite(_file).CreateTablesAsync();
        return "Data Source=" + _file;
    }

    public void Dispose() => EfHost.Delete(_file);
}

public sealed class PostgresNoticeCrashTests(PostgresDatabase database)
    : NoticeCrashTests,
        IClassFixture<PostgresDatabase>
{
    protected override string Database => "postgres";

    protected override Task<string> CreateAsync() => Task.FromResult(database.ConnectionString);
}

/// <summary>Hosts that are killed while their app is being told what was paid.</summary>
public abstract class NoticeCrashTests
{
    private const int Kills = 3;

    private readonly HashSet<string> _paid = new(StringComparer.Ordinal);
    private readonly List<(string Payment, string Event)> _heard = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How the crashing host calls the database.</summary>
    protected abstract string Database { get; }

    [Fact]
    public async Task What_was_paid_is_heard_of_at_least_once_and_under_one_id_however_often_hosts_are_killed()
    {
        var connection = await CreateAsync();
        for (var i = 0; i < Kills; i++)
        {
            SqliteConnection.ClearAllPools();
            await RunAndKillAsync(connection, "r" + i.ToString(CultureInfo.InvariantCulture));
        }

        // What dead hosts had claimed is due again a while later.
        var told = new Told();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(100));
        await using var next = NoticeLoad.NewHost<Handler>(
            Database,
            connection,
            s => s.AddSingleton<TimeProvider>(clock).AddSingleton(told)
        );
        while (await next.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token) > 0) { }

        Assert.NotEmpty(told.Heard);
        Assert.Empty(_paid.Except(_heard.Concat(told.Heard).Select(h => h.Payment)));
        var ids = _heard.Concat(told.Heard).Distinct().ToArray();
        Assert.Equal(ids.Length, ids.Select(h => h.Payment).Distinct().Count());
        Assert.Equal(ids.Length, ids.Select(h => h.Event).Distinct().Count());
    }

    protected abstract Task<string> CreateAsync();

    /// <summary>Until some payments are told of; then SIGKILL, and what it had said before.</summary>
    private async Task RunAndKillAsync(string connection, string round)
    {
        using var host = HostProcess.Start("notices", Database, connection, round);
        for (var heard = 0; heard < 5 + Random.Shared.Next(20); )
        {
            var line = await host.ReadAsync(Token);
            Assert.True(line is not null, "The host ended by itself.");
            heard += Note(line) ? 1 : 0;
        }

        await host.KillAsync(line => Note(line), Token);
    }

    /// <summary>Whether it was heard of. A line that the end cut off is none.</summary>
    private bool Note(string line)
    {
        switch (line.Split('|'))
        {
            case ["paid", var payment, "end"]:
                _paid.Add(payment);
                return false;
            case ["heard", var payment, var id, "end"]:
                _heard.Add((payment, id));
                return true;
            default:
                return false;
        }
    }

    private sealed class Told
    {
        public ConcurrentQueue<(string Payment, string Event)> Heard { get; } = new();
    }

    private sealed class Handler(Told told) : ICreditEvents
    {
        public Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken)
        {
            told.Heard.Enqueue((notice.Payment.Id, notice.EventId));
            return Task.CompletedTask;
        }
    }
}
