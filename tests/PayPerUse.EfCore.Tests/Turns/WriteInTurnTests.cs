using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using PayPerUse.EfCore.Turns;

namespace PayPerUse.EfCore.Tests.Turns;

/// <summary>Writers at one SQLite file: without their turns each of these blocks its thread until SQLite gives up.</summary>
public sealed class WriteInTurnTests : IAsyncLifetime
{
    private readonly string _file = EfHost.NewSqliteFile();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var context = Open();
        await context.Database.EnsureCreatedAsync(Ct);
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", Ct);
    }

    [Fact]
    public async Task A_writer_waits_without_a_thread_until_a_transaction_is_committed()
    {
        await using var first = Open();
        await using var second = Open();
        await using var transaction = await first.Database.BeginTransactionAsync(Ct);
        Add(first, "one");
        await first.SaveChangesAsync(Ct);

        var waiting = AddAsync(second, "two");
        Assert.False(waiting.IsCompleted);
        await transaction.CommitAsync(Ct);
        await waiting;

        Assert.Equal(["one", "two"], await ReadAsync());
    }

    [Fact]
    public async Task Reads_wait_for_nobody()
    {
        await using var first = Open();
        await using var transaction = await first.Database.BeginTransactionAsync(Ct);

        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task Writers_are_served_in_the_order_in_which_they_came()
    {
        await using var first = Open();
        var transaction = await first.Database.BeginTransactionAsync(Ct);
        var contexts = Enumerable.Range(0, 50).Select(_ => Open()).ToArray();
        var waiting = contexts.Select((c, i) => AddAsync(c, $"note-{i:00}")).ToArray();

        await transaction.RollbackAsync(Ct);
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"note-{i:00}"), await ReadAsync());
        foreach (var context in contexts)
        {
            await context.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("rollback")]
    [InlineData("dispose the transaction")]
    [InlineData("dispose the transaction at once")]
    [InlineData("dispose the context")]
    [InlineData("dispose the context at once")]
    [InlineData("dispose the context with its connection open")]
    public async Task However_a_transaction_ends_the_next_writer_has_its_turn(string ending)
    {
        var first = Open();
        if (ending.Contains("connection", StringComparison.Ordinal))
        {
            await first.Database.OpenConnectionAsync(Ct);
        }

        var transaction = await first.Database.BeginTransactionAsync(Ct);
        Add(first, "one");
        await first.SaveChangesAsync(Ct);
        await (
            ending switch
            {
                "rollback" => transaction.RollbackAsync(Ct),
                "dispose the transaction" => transaction.DisposeAsync().AsTask(),
                "dispose the transaction at once" => Task.Run(transaction.Dispose, Ct),
                "dispose the context at once" => Task.Run(first.Dispose, Ct),
                _ => first.DisposeAsync().AsTask(),
            }
        );

        await using var second = Open();
        await AddAsync(second, "two");
        Assert.Equal(["two"], await ReadAsync());
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_write_that_fails_gives_its_turn_back_while_its_connection_stays_open()
    {
        await using var first = Open();
        await first.Database.OpenConnectionAsync(Ct);
        await AddAsync(first, "one");
        first.ChangeTracker.Clear();
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => AddAsync(first, "one"));

        await using var second = Open();
        await AddAsync(second, "two");
        await second.Notes.Where(n => n.Id == "one").ExecuteDeleteAsync(Ct);
        Assert.Equal(["two"], await ReadAsync());
    }

    [Fact]
    public async Task Who_gives_up_is_served_no_more_and_holds_up_nobody()
    {
        await using var first = Open();
        var transaction = await first.Database.BeginTransactionAsync(Ct);
        await using var second = Open();
        await using var third = Open();
        using var patience = new CancellationTokenSource();
        Add(second, "gone");
        var gone = second.SaveChangesAsync(patience.Token);
        var waiting = AddAsync(third, "three");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await transaction.CommitAsync(Ct);
        await waiting;

        Assert.Equal(["three"], await ReadAsync());
    }

    [Fact]
    public async Task Credits_are_written_in_the_same_turns()
    {
        var file = EfHost.NewSqliteFile();
        await using (var host = await EfHost.OnSqlite(file).CreateTablesAsync())
        {
            await using var context = new NoteContext(file);
            var turn = SqliteTurns.Of(context.Database.GetDbConnection())!;
            Assert.True(turn.Wait(0, Ct));
            var granting = host.Credits.ApplyAsync(
                new CreditBatch([CreditCommand.Grant(new AccountId("anna"), "g", 5, "five", null)]),
                Ct
            );
            await Task.WhenAny(granting, Task.Delay(TimeSpan.FromMilliseconds(200), Ct));
            Assert.False(granting.IsCompleted);

            turn.Release();
            Assert.True(Assert.Single(await granting).Result!.Succeeded);
        }

        EfHost.Delete(file);
    }

    public ValueTask DisposeAsync()
    {
        EfHost.Delete(_file);
        return ValueTask.CompletedTask;
    }

    private NoteContext Open() => new(_file);

    private static void Add(NoteContext context, string id) => context.Add(new Note { Id = id });

    private static Task<int> AddAsync(NoteContext context, string id)
    {
        Add(context, id);
        return context.SaveChangesAsync(Ct);
    }

    /// <summary>In the order in which they were written.</summary>
    private async Task<List<string>> ReadAsync()
    {
        await using var context = Open();
        return await context.Database.SqlQuery<string>($"SELECT Id AS Value FROM Notes ORDER BY rowid").ToListAsync(Ct);
    }

    private sealed class Note
    {
        public required string Id { get; init; }
    }

    private sealed class NoteContext(string file) : DbContext
    {
        public DbSet<Note> Notes => Set<Note>();

        // Without turns, give up soon.
        protected override void OnConfiguring(DbContextOptionsBuilder options) =>
            options.UseSqlite($"Data Source={file};Default Timeout=1").WriteInTurn();
    }
}
