using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class SqliteVerifyTests : VerifyCorruption
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override EfHost MakeHost() => EfHost.OnSqlite(_file);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EfHost.Delete(_file);
    }
}

public sealed class PortableVerifyTests : VerifyCorruption
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override EfHost MakeHost() => EfHost.OnSqlite(_file, isPortable: true);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EfHost.Delete(_file);
    }
}

public sealed class PostgresVerifyTests(PostgresDatabase database) : VerifyCorruption, IClassFixture<PostgresDatabase>
{
    protected override EfHost MakeHost() => EfHost.OnPostgres(database.ConnectionString);
}

/// <summary>Rows that somebody changed by hand: each is found, on the account it belongs to and on no other.</summary>
public abstract partial class VerifyCorruption : IAsyncLifetime
{
    private readonly AccountId _account = new("wrong-" + Guid.NewGuid().ToString("N"));
    private readonly AccountId _neighbour = new("right-" + Guid.NewGuid().ToString("N"));
    private EfHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EfHost Host => _host ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync()
    {
        _host = await MakeHost().CreateTablesAsync();
        await TellStoryAsync(_account);
        await TellStoryAsync(_neighbour);
        Assert.True((await VerifyAsync()).IsClean);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Host.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "UPDATE user_credits SET free = free + 1",
        CreditCheck.Balance,
        "the row's balance is 6, but the log ends with 5"
    )]
    [InlineData("UPDATE user_credits SET free = -5", CreditCheck.Free, "the row's free is -5")]
    [InlineData(
        "UPDATE user_credits SET reserved = reserved - 1",
        CreditCheck.Reserved,
        "the row's reserved is 3, but open reservations hold 4"
    )]
    [InlineData("UPDATE user_credits SET debt = 5", CreditCheck.Debt, "the row's debt is 5, but the log leaves 0")]
    [InlineData("UPDATE user_credits SET debt = 5", CreditCheck.Debt, "5 are free while there is a debt of 5")]
    [InlineData(
        "UPDATE user_credits SET reserved = reserved + 7",
        CreditCheck.Equation,
        "granted − spent − expired − revoked + restored ± merged is 9"
    )]
    [InlineData("UPDATE user_credits SET last_time = 0", CreditCheck.Time, "the row's last time")]
    [InlineData(
        "UPDATE user_credits SET sequence = 7",
        CreditCheck.Sequence,
        "the row's sequence is 7, but the log ends at 9"
    )]
    [InlineData("DELETE FROM user_credits", CreditCheck.Row, "there is no row, but 9 log entries and 2 grants")]
    [InlineData(
        "UPDATE credit_grants SET free = free + 1",
        CreditCheck.Free,
        "grant g: free is 6, but the log leaves 5",
        "grant_id = 'g'"
    )]
    [InlineData(
        "UPDATE credit_grants SET reserved = 0",
        CreditCheck.Reserved,
        "grant h: reserved is 0, but open reservations hold 2",
        "grant_id = 'h'"
    )]
    [InlineData(
        "UPDATE credit_grants SET revoked = 1",
        CreditCheck.Grant,
        "grant g: revoked is 1, but the log revoked 0",
        "grant_id = 'g'"
    )]
    [InlineData(
        "UPDATE credit_grants SET credits = 11",
        CreditCheck.Grant,
        "grant g: credits is 11, but the log granted 10",
        "grant_id = 'g'"
    )]
    [InlineData(
        "UPDATE credit_grants SET is_live = (1 = 0)",
        CreditCheck.Readable,
        "grant g: is_live is False",
        "grant_id = 'g'"
    )]
    [InlineData("DELETE FROM credit_grants", CreditCheck.Grant, "grant h is missing", "grant_id = 'h'")]
    [InlineData(
        "UPDATE usage_logs SET credits = credits - 1",
        CreditCheck.Chain,
        "entry 3 (s1) moves -4 from balance 15 to 12",
        "sequence = 3"
    )]
    [InlineData(
        "UPDATE usage_logs SET balance = 1000",
        CreditCheck.Chain,
        "entry 4 (k1) moves -4 from balance 12 to 1000",
        "sequence = 4"
    )]
    [InlineData(
        "UPDATE usage_logs SET grants = '[]'",
        CreditCheck.Entry,
        "entry 3 (s1) moves -3, but 0 of its grants",
        "sequence = 3"
    )]
    [InlineData(
        "UPDATE usage_logs SET grants = 'x'",
        CreditCheck.Readable,
        "entry 3 of the log cannot be read",
        "sequence = 3"
    )]
    [InlineData(
        "UPDATE usage_logs SET kind = 2",
        CreditCheck.Reservation,
        "reservation k1 is open with 4 credits, but not in the log",
        "sequence = 4"
    )]
    [InlineData(
        "UPDATE usage_logs SET kind = 77",
        CreditCheck.Entry,
        "entry 3 has the unknown kind 77",
        "sequence = 3"
    )]
    [InlineData(
        "UPDATE usage_logs SET at = 0",
        CreditCheck.Time,
        "entry 5 (k2) is older than the one before",
        "sequence = 5"
    )]
    [InlineData(
        "UPDATE usage_logs SET sequence = 40",
        CreditCheck.Sequence,
        "entry 40 of the log follows entry 9",
        "sequence = 4"
    )]
    [InlineData("DELETE FROM usage_logs", CreditCheck.Sequence, "entry 5 of the log follows entry 3", "sequence = 4")]
    [InlineData(
        "DELETE FROM usage_logs",
        CreditCheck.Sequence,
        "the row's sequence is 9, but the log ends at 8",
        "sequence = 9"
    )]
    [InlineData("DELETE FROM usage_logs", CreditCheck.Sequence, "the row's sequence is 9, but the log ends at 0")]
    [InlineData(
        "UPDATE credit_reservations SET state = 3",
        CreditCheck.Reservation,
        "reservation k1 is not open, but the log never ended its 4 credits",
        "operation_id = 'k1'"
    )]
    [InlineData(
        "UPDATE credit_reservations SET state = 1",
        CreditCheck.Reservation,
        "reservation k2 is open with 2 credits, but not in the log",
        "operation_id = 'k2'"
    )]
    [InlineData(
        "UPDATE credit_reservations SET credits = 3",
        CreditCheck.Reservation,
        "reservation k1: credits is 3, but the log reserved 4",
        "operation_id = 'k1'"
    )]
    [InlineData(
        "UPDATE credit_reservations SET burns = '[[\"g\",4]]'",
        CreditCheck.Reservation,
        "reservation k1 holds 4 of g",
        "operation_id = 'k1'"
    )]
    [InlineData(
        "UPDATE credit_reservations SET burns = '[1]'",
        CreditCheck.Readable,
        "reservation k1 cannot be read",
        "operation_id = 'k1'"
    )]
    [InlineData(
        "DELETE FROM credit_reservations",
        CreditCheck.Reservation,
        "reservation k1 is not open",
        "operation_id = 'k1'"
    )]
    public async Task A_row_changed_by_hand_is_found(string sql, CreditCheck check, string told, string where = "1 = 1")
    {
        await RunAsync($"{sql} WHERE account = {{0}} AND {where}");
        await ExpectAsync(check, told);
    }

    [Fact]
    public async Task A_number_changed_on_the_row_and_on_its_grant_alike_is_found()
    {
        await RunAsync("UPDATE user_credits SET free = free + 1 WHERE account = {0}");
        await RunAsync("UPDATE credit_grants SET free = free + 1 WHERE account = {0} AND grant_id = 'g'");
        await ExpectAsync(CreditCheck.Balance, "the row's balance is 6");
    }

    [Fact]
    public async Task A_log_row_written_twice_is_found()
    {
        const string Rest = "operation_id, attempt, kind, action, credits, balance, target, grants, at";
        await RunAsync("UPDATE user_credits SET sequence = 10 WHERE account = {0}");
        await RunAsync(
            $"INSERT INTO usage_logs (account, sequence, {Rest}) SELECT account, 10, {Rest} FROM usage_logs WHERE account = {{0}} AND sequence = 4"
        );
        await ExpectAsync(CreditCheck.Reservation, "entry 10 reserves k1, which is open");
        await ExpectAsync(CreditCheck.Chain, "entry 10 (k1)");
    }

    [Fact]
    public async Task An_id_that_stands_for_two_entries_is_found()
    {
        await RunAsync("DROP INDEX IF EXISTS ux_usage_logs_operation");
        await RunAsync("UPDATE usage_logs SET operation_id = 's1' WHERE account = {0} AND operation_id = 's2'");
        await ExpectAsync(CreditCheck.KnownId, "id s1 stands for more than one entry");
    }

    [Fact]
    public async Task A_log_without_a_row_or_a_grant_is_found()
    {
        foreach (var table in new[] { "user_credits", "credit_grants", "credit_reservations" })
        {
            await RunAsync($"DELETE FROM {table} WHERE account = {{0}}");
        }

        await ExpectAsync(CreditCheck.Row, "there is no row, but 9 log entries and 0 grants");
    }

    [Fact]
    public async Task A_row_that_names_no_account_is_found()
    {
        await RunAsync("UPDATE user_credits SET account = 'nobody' WHERE account = {0}");
        await using var ledger = MakeLedger();
        var verdict = await ledger.VerifyAsync(Token).SingleAsync(v => v.Account == "nobody", Token);
        Assert.Contains(verdict.Findings, f => f.Check == CreditCheck.Readable);
        await RunAsync("DELETE FROM user_credits WHERE account = 'nobody'");
    }

    protected abstract EfHost MakeHost();

    /// <summary>Nine entries: two grants, two spends, one open reservation, one committed in part, one released.</summary>
    private async Task TellStoryAsync(AccountId account)
    {
        await using var ledger = MakeLedger();
        await ledger.GrantAsync(account, "g", 10, "five", null, Token);
        await ledger.GrantAsync(account, "h", 5, "five", DateTimeOffset.MaxValue.AddYears(-1000), Token);
        await ledger.SpendAsync(account, "s1", 3, "letter", Token);
        await ledger.ReserveAsync(account, "k1", 4, "letter", TimeSpan.FromDays(1), Token);
        var committed = await ledger.ReserveAsync(account, "k2", 2, "letter", null, Token);
        await ledger.CommitAsync(committed.Reservation!.ToId(account), 1, Token);
        var released = await ledger.ReserveAsync(account, "k3", 2, "letter", null, Token);
        await ledger.ReleaseAsync(released.Reservation!.ToId(account), Token);
        var last = await ledger.SpendAsync(account, "s2", 2, "letter", Token);
        Assert.Equal((CreditStatus.Applied, 5), (last.Status, last.Balance));
    }

    private async Task ExpectAsync(CreditCheck check, string told)
    {
        var verdict = await VerifyAsync();
        Assert.True(
            verdict.Findings.Any(f => f.Check == check && f.Detail.Contains(told, StringComparison.Ordinal)),
            verdict.ToString()
        );
    }

    private async Task<CreditVerdict> VerifyAsync()
    {
        await using var ledger = MakeLedger();
        var verdicts = await ledger
            .VerifyAsync(Token)
            .Where(v => v.Account == _account.Value || v.Account == _neighbour.Value)
            .ToDictionaryAsync(v => v.Account, StringComparer.Ordinal, Token);
        Assert.True(verdicts[_neighbour.Value].IsClean, verdicts[_neighbour.Value].ToString());
        return verdicts[_account.Value];
    }

    private CreditLedger MakeLedger() =>
        new(Host.Credits, Microsoft.Extensions.Options.Options.Create(new PayPerUseOptions()));

    private async Task RunAsync(string sql)
    {
        await using var context = await Host
            .Services.GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
            .CreateDbContextAsync(Token);
        var rows = await context.Database.ExecuteSqlRawAsync(sql, [_account.Value], Token);
        Assert.True(rows > 0 || sql.StartsWith("DROP", StringComparison.Ordinal), $"'{sql}' changed nothing.");
    }
}
