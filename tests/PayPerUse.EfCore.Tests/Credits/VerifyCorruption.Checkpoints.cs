using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public abstract partial class VerifyCorruption
{
    [Theory]
    [InlineData(
        "UPDATE credit_checkpoints SET balance = balance + 1",
        CreditCheck.Chain,
        "entry 10 (s3) moves -1 from balance 6 to 4"
    )]
    [InlineData(
        "UPDATE credit_checkpoints SET sequence = 8",
        CreditCheck.Sequence,
        "entry 10 of the log follows entry 8"
    )]
    [InlineData(
        "UPDATE credit_checkpoints SET spent = spent + 1",
        CreditCheck.Checkpoint,
        "what it holds open is 9, but granted − spent − expired − revoked + restored ± merged before it is 8"
    )]
    [InlineData("UPDATE credit_checkpoints SET committed = 0", CreditCheck.Checkpoint, "what it holds open is 9")]
    [InlineData("UPDATE credit_checkpoints SET expired = -1", CreditCheck.Checkpoint, "-1 expired")]
    [InlineData(
        "UPDATE credit_checkpoints SET at = at + 100000000",
        CreditCheck.Time,
        "entry 10 (s3) is older than the one before"
    )]
    [InlineData("UPDATE credit_checkpoints SET at = 0", CreditCheck.Checkpoint, "the known id g")]
    [InlineData("UPDATE credit_checkpoints SET free_grants = '[]'", CreditCheck.Debt, "0 are free at balance 5")]
    [InlineData(
        "UPDATE credit_checkpoints SET free_grants = '[[\"i\",5]]'",
        CreditCheck.Checkpoint,
        "the checkpoint leaves 5 of grant i"
    )]
    [InlineData(
        "UPDATE credit_checkpoints SET free_grants = 'x'",
        CreditCheck.Readable,
        "its checkpoint cannot be read"
    )]
    [InlineData(
        "UPDATE credit_checkpoints SET open_reserves = '[]'",
        CreditCheck.Reservation,
        "reservation k1 is open with 4 credits, but not in the log"
    )]
    [InlineData(
        "UPDATE credit_checkpoints SET open_reserves = '[[1]]'",
        CreditCheck.Readable,
        "its checkpoint cannot be read"
    )]
    [InlineData("DELETE FROM credit_checkpoints", CreditCheck.Sequence, "entry 10 of the log follows entry 0")]
    [InlineData("DELETE FROM credit_checkpoints", CreditCheck.Readable, "2 ids are known of entries that are gone")]
    [InlineData("DELETE FROM credit_known_ids", CreditCheck.Grant, "grant h is not in the log", "operation_id = 'h'")]
    [InlineData(
        "UPDATE credit_known_ids SET credits = credits + 1",
        CreditCheck.Grant,
        "grant g: credits is 10, but the log granted 11",
        "operation_id = 'g'"
    )]
    [InlineData("UPDATE credit_known_ids SET kind = 2", CreditCheck.Checkpoint, "the known id g", "operation_id = 'g'")]
    [InlineData(
        "UPDATE credit_known_ids SET sequence = 40",
        CreditCheck.Checkpoint,
        "the known id h (Grant, entry 40) is not of before the checkpoint",
        "operation_id = 'h'"
    )]
    [InlineData("DELETE FROM usage_logs", CreditCheck.Sequence, "entry 11 of the log follows entry 9", "sequence = 10")]
    [InlineData("DELETE FROM usage_logs", CreditCheck.Sequence, "the row's sequence is 11, but the log ends at 9")]
    [InlineData(
        "UPDATE usage_logs SET operation_id = 'g'",
        CreditCheck.KnownId,
        "entry 10 has the id g, which stands for an older one",
        "sequence = 10"
    )]
    [InlineData(
        "UPDATE usage_logs SET sequence = 3",
        CreditCheck.Sequence,
        "entry 3 of the log follows entry 9",
        "sequence = 10"
    )]
    [InlineData(
        "UPDATE user_credits SET free = free + 1",
        CreditCheck.Balance,
        "the row's balance is 4, but the log ends with 3"
    )]
    public async Task A_row_of_a_trimmed_account_changed_by_hand_is_found(
        string sql,
        CreditCheck check,
        string told,
        string where = "1 = 1"
    )
    {
        Assert.DoesNotContain((await TrimAsync()).Refused, v => v.Account == _account.Value);
        await using (var ledger = MakeLedger())
        {
            await ledger.SpendAsync(_account, "s3", 1, "letter", Token);
            await ledger.ReserveAsync(_account, "k4", 1, "letter", TimeSpan.FromDays(1), Token);
        }

        var right = await VerifyAsync();
        Assert.True(right is { IsClean: true, Entries: 2 }, right.ToString());
        await RunAsync($"{sql} WHERE account = {{0}} AND {where}");
        await ExpectAsync(check, told);
    }

    [Theory]
    [InlineData("UPDATE usage_logs SET balance = 1000 WHERE account = {0} AND sequence = 4")]
    [InlineData("DELETE FROM usage_logs WHERE account = {0} AND sequence = 1")]
    [InlineData("UPDATE usage_logs SET grants = 'x' WHERE account = {0} AND sequence = 9")]
    public async Task A_log_that_does_not_add_up_is_left_as_evidence(string sql)
    {
        await RunAsync(sql);
        var before = await VerifyAsync();
        var refused = (await TrimAsync()).Refused.Single(v => v.Account == _account.Value);
        Assert.False(refused.IsClean);
        var after = await VerifyAsync();
        Assert.Equal(before.Entries, after.Entries);
        Assert.Equal(before.Findings, after.Findings);
    }

    [Fact]
    public async Task Nothing_is_folded_into_a_checkpoint_that_does_not_add_up()
    {
        await TrimAsync();
        await using (var ledger = MakeLedger())
        {
            await ledger.SpendAsync(_account, "s3", 1, "letter", Token);
        }

        await RunAsync("UPDATE credit_checkpoints SET spent = spent - 1 WHERE account = {0}");
        Assert.Contains((await TrimAsync()).Refused, v => v.Account == _account.Value);
        Assert.Equal(1, (await VerifyAsync()).Entries);
    }

    private Task<CreditTrim> TrimAsync() =>
        ((ICreditRetention)Host.Credits).TrimAsync(
            new CreditTrimOrder(DateTimeOffset.MaxValue) { MaxAccounts = 100_000, WalkInterval = TimeSpan.Zero },
            Token
        );
}
