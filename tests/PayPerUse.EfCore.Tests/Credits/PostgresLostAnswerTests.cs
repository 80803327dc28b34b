using Npgsql;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>PostgreSQL commits, and the host never hears of it.</summary>
public sealed class PostgresLostAnswerTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // The commit itself waits for the test: deferred triggers run within it.
    private const long Turn = 4711;
    private const string WaitAtCommit = """
        CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_advisory_xact_lock(4711); RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON usage_logs DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.action = 'slow') EXECUTE FUNCTION wait_at_commit();
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_whose_outcome_was_lost_is_retried_and_its_own_caller_gets_Applied(bool isEfRetrying)
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(10);
        await scene.ExecuteAsync(WaitAtCommit);
        await using var wire = new LoopbackProxy(scene.Port);
        await using var host = scene.NewHost(wire.Port, isEfRetrying);
        await using var ledger = scene.NewLedger(host);
        var spend = account.Spend("s", 3, "slow");
        Task<CreditResult> own;
        await using (var other = await scene.ConnectAsync())
        {
            await PostgresScene.ExecuteAsync(other, "SELECT pg_advisory_lock($1)", Turn);
            own = ledger.SubmitAsync(spend, Token);
            await scene.UntilBlockedAsync();
            wire.SwallowAnswers();
            await PostgresScene.ExecuteAsync(other, "SELECT pg_advisory_unlock($1)", Turn);
        }

        while ((await account.LastEntryAsync()).OperationId != "s")
        {
            await Task.Delay(10, Token);
        }

        // It is saved, and its host waits for an answer that is lost for good.
        Assert.False(own.IsCompleted);
        wire.Cut();
        Assert.Equal((CreditStatus.Applied, 7L), ((await own).Status, (await own).Balance));
        var again = await ledger.SubmitAsync(spend with { Attempt = Guid.NewGuid() }, Token);
        Assert.Equal(CreditStatus.Replayed, again.Status);
        await account.AuditAsync();
        await account.ExpectAsync(7);
        Assert.Equal(2, (await account.ReadLogAsync()).Count);
    }

    [Fact]
    public async Task A_reserve_whose_outcome_was_lost_is_retried_and_can_be_committed_once()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(10);
        await scene.ExecuteAsync(WaitAtCommit);
        await using var wire = new LoopbackProxy(scene.Port);
        await using var host = scene.NewHost(wire.Port);
        await using var ledger = scene.NewLedger(host);
        Task<CreditResult> own;
        await using (var other = await scene.ConnectAsync())
        {
            await PostgresScene.ExecuteAsync(other, "SELECT pg_advisory_lock($1)", Turn);
            own = ledger.SubmitAsync(account.Reserve("k", 3, action: "slow"), Token);
            await scene.UntilBlockedAsync();
            wire.SwallowAnswers();
            await PostgresScene.ExecuteAsync(other, "SELECT pg_advisory_unlock($1)", Turn);
        }

        while ((await account.LastEntryAsync()).OperationId != "k")
        {
            await Task.Delay(10, Token);
        }

        wire.Cut();
        var reserved = await own;
        Assert.Equal(CreditStatus.Applied, reserved.Status);
        await account.MustApplyAsync(CreditCommand.Commit(reserved.Reservation!.ToId(account.Id), 2));
        await account.ExpectAsync(8);
        Assert.Equal(3, (await account.ReadLogAsync()).Count);
    }
}
