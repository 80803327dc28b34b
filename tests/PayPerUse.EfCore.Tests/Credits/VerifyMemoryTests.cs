using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>What a store holds while it is verified does not depend on how long the log of an account is.</summary>
[Collection(nameof(Alone))]
public sealed class VerifyMemoryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Spends = 60_000;

    // The rows alone would be several times this.
    private const long Most = 6_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_on_SQLite_is_read_in_pieces_however_long_it_is(bool isPortable)
    {
        var file = EfHost.NewSqliteFile();
        try
        {
            await using var writer = await EfHost.OnSqlite(file).CreateTablesAsync();
            await using var reader = EfHost.OnSqlite(file, isPortable: isPortable);
            await ExpectBoundedAsync(writer.Credits, reader.Credits);
        }
        finally
        {
            EfHost.Delete(file);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_on_PostgreSQL_is_read_in_pieces_however_long_it_is(bool isPortable)
    {
        var connection = await database.CreateAnotherAsync();
        await using var writer = EfHost.OnPostgres(connection);
        await using var reader = EfHost.OnPostgres(connection, isPortable: isPortable);
        await ExpectBoundedAsync(writer.Credits, reader.Credits);
    }

    private static async Task ExpectBoundedAsync(ICreditStore writer, ICreditStore reader)
    {
        var account = new AccountUnderTest(writer);
        var audit = Assert.IsType<ICreditAudit>(reader, exactMatch: false);
        await account.ApplyAllAsync(account.Grant("g", Spends));

        // What a driver and EF Core keep for all their queries is made by the first.
        await CreditVerification.VerifyAsync(audit, cancellationToken: Token).SingleAsync(Token);
        foreach (var part in Enumerable.Range(0, Spends).Chunk(5000))
        {
            await account.ApplyAllAsync([.. part.Select(i => account.Spend("s" + i, 1))]);
        }

        var watched = new WatchedAudit(audit, every: 5000);
        var verdict = await CreditVerification.VerifyAsync(watched, cancellationToken: Token).SingleAsync(Token);
        Assert.True(verdict is { IsClean: true, Entries: 1 + Spends }, verdict.ToString());
        Assert.Equal(13, watched.Notes);
        Assert.InRange(watched.Growth, long.MinValue, Most);
    }
}
