using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Accounts;

public sealed class NotesContext(DbContextOptions<NotesContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UsePayPerUse();
        modelBuilder.Entity<Note>();
    }
}

public sealed class Note
{
    public int Id { get; init; }

    public required string Owner { get; init; }

    public required string Text { get; init; }
}

public sealed class AccountRowsTests : IAsyncLifetime
{
    private static readonly AccountId Anna = new("anna");
    private static readonly AccountId Guest = new("g-1");
    private readonly string _file = EfHost.NewSqliteFile();
    private readonly ServiceProvider _services;

    public AccountRowsTests()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddDbContextFactory<NotesContext>(o => o.UseSqlite("Data Source=" + _file));
        services
            .AddPayPerUse()
            .UseEntityFrameworkCore<NotesContext>()
            .AddAccountRows<NotesContext, Note>("notes", n => n.Owner);
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var db = Open();
        await db.Database.EnsureCreatedAsync(Token);
        db.AddRange(
            new Note { Owner = Anna.Owner, Text = "from Anna" },
            new Note { Owner = Guest.Owner, Text = "from a guest" },
            new Note { Owner = "eve", Text = "from Eve" }
        );
        await db.SaveChangesAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        EfHost.Delete(_file);
    }

    [Fact]
    public async Task Rows_come_along_in_the_export() => Assert.Equal(["from Anna"], await ExportedAsync(Anna));

    [Fact]
    public async Task Rows_follow_a_merge()
    {
        var ledger = _services.GetRequiredService<CreditLedger>();
        await ledger.GrantAsync(Guest, "g", 1, "gift", null, Token);

        var merged = await _services.GetRequiredService<AccountMerges>().MergeAsync(Guest, Anna, Token);

        Assert.True(merged.Succeeded);
        Assert.Equal(["from Anna", "from a guest"], await ExportedAsync(Anna));
        Assert.Empty(await ExportedAsync(Guest));
    }

    [Fact]
    public async Task Rows_go_when_the_account_is_deleted_and_those_of_others_stay()
    {
        Assert.True((await _services.GetRequiredService<AccountDeletion>().DeleteAsync(Anna, Token)).IsDeleted);

        await using var db = Open();
        Assert.Equal(["eve", "g-1"], await db.Set<Note>().Select(n => n.Owner).OrderBy(o => o).ToListAsync(Token));
    }

    private NotesContext Open() => _services.GetRequiredService<IDbContextFactory<NotesContext>>().CreateDbContext();

    private async Task<string[]> ExportedAsync(AccountId account)
    {
        var data = await _services.GetRequiredService<AccountExport>().ReadAsync(account, Token);
        return [.. data["notes"]!.AsArray().Select(n => (string)n!["text"]!).Order(StringComparer.Ordinal)];
    }
}
