using System.Text;
using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore.Tests.Turns;

public sealed class OverwriteDeletedTests : IDisposable
{
    private const string Secret = "Nobody shall read this any more.";

    private readonly string _file = EfHost.NewSqliteFile();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // What SQLite does by itself, or this test would prove nothing.
    public async Task What_is_deleted_or_changed_is_in_no_byte_of_the_file(bool isOverwritten)
    {
        await using (var context = new DiaryContext(_file, isOverwritten))
        {
            await context.Database.EnsureCreatedAsync(Ct);
            // One that fills pages of its own, and one among others.
            foreach (var text in new[] { string.Concat(Enumerable.Repeat(Secret, 1000)), Secret, Secret, "kept" })
            {
                context.Add(new Page { Text = text });
            }

            await context.SaveChangesAsync(Ct);
            await context
                .Pages.Where(p => p.Id == 3)
                .ExecuteUpdateAsync(s => s.SetProperty(p => p.Text, "changed"), Ct);
            await context.Pages.Where(p => p.Id < 3).ExecuteDeleteAsync(Ct);
            await context.Database.ExecuteSqlAsync($"PRAGMA wal_checkpoint(TRUNCATE)", Ct);
        }

        var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(_file, Ct));

        Assert.Contains("kept", bytes, StringComparison.Ordinal);
        Assert.Equal(!isOverwritten, bytes.Contains(Secret, StringComparison.Ordinal));
    }

    public void Dispose() => EfHost.Delete(_file);

    private sealed class Page
    {
        public int Id { get; init; }

        public required string Text { get; init; }
    }

    private sealed class DiaryContext(string file, bool isOverwritten) : DbContext
    {
        public DbSet<Page> Pages => Set<Page>();

        protected override void OnConfiguring(DbContextOptionsBuilder options)
        {
            options.UseSqlite($"Data Source={file};Pooling=False");
            if (isOverwritten)
            {
                options.OverwriteDeleted().OverwriteDeleted();
            }
        }
    }
}
