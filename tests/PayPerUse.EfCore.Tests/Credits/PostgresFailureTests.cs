using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class PostgresFailureTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    /// <summary>Whoever logs the action <c>die</c> loses its connection at the commit.</summary>
    private const string Die = """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER die AFTER INSERT ON usage_logs DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.action = 'die') EXECUTE FUNCTION die();
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("40P01")]
    [InlineData("40001")]
    [InlineData("23505")]
    [InlineData("57P01")]
    [InlineData("08006")]
    [InlineData("53300")]
    public async Task A_failure_that_passes_is_tried_again(string sqlState)
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);

        // A sequence is not rolled back, so that only the first try fails.
        await scene.ExecuteAsync(
            $"""
            CREATE SEQUENCE tries;
            CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('tries') = 1 THEN RAISE EXCEPTION 'made to fail' USING ERRCODE = '{sqlState}'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER fail_once BEFORE INSERT ON usage_logs FOR EACH ROW EXECUTE FUNCTION fail_once();
            """
        );
        await using var ledger = scene.NewLedger();
        var result = await ledger.SubmitAsync(account.Spend("s", 2), Token);
        Assert.Equal(CreditStatus.Applied, result.Status);
        await account.AuditAsync();
        await account.ExpectAsync(3);
    }

    [Fact]
    public async Task A_command_that_the_database_refuses_does_not_take_its_neighbours_along()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var accounts = new List<Testing.Credits.AccountUnderTest>();
        for (var i = 0; i < 4; i++)
        {
            accounts.Add(await scene.NewAccountAsync(10));
        }

        await scene.ExecuteAsync("ALTER TABLE usage_logs ADD CHECK (action <> 'refused')");
        await using var ledger = scene.NewLedger();
        var commands = Enumerable.Range(0, 40).Select(i => accounts[i % 4].Spend("s" + i, 1)).ToList();
        commands.Insert(13, accounts[1].Spend("bad", 1, "refused"));
        var tasks = commands.ConvertAll(c => ledger.SubmitAsync(c, Token));
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => tasks[13]);
        Assert.Equal(
            (CreditOperationOutcome.NotApplied, false, "bad"),
            (error.Outcome, error.IsTransient, error.OperationId)
        );
        tasks.RemoveAt(13);
        Assert.All(await Task.WhenAll(tasks), r => Assert.Equal(CreditStatus.Applied, r.Status));
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            await account.ExpectAsync(0);
        }
    }

    [Fact]
    public async Task A_connection_lost_between_batches_is_replaced()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);
        await scene.EndConnectionsAsync();
        await using var ledger = scene.NewLedger();
        Assert.Equal(CreditStatus.Applied, (await ledger.SubmitAsync(account.Spend("s", 1), Token)).Status);
        await account.AuditAsync();
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task A_connection_lost_under_way_is_replaced_and_the_batch_applies_once()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);
        await using var ledger = scene.NewLedger();
        await using var other = await scene.ConnectAsync();
        await using (var transaction = await other.BeginTransactionAsync(Token))
        {
            await PostgresScene.ExecuteAsync(
                other,
                "SELECT 1 FROM user_credits WHERE account = $1 FOR UPDATE",
                account.Id.Value
            );
            var spend = ledger.SubmitAsync(account.Spend("s", 1), Token);
            await scene.UntilBlockedAsync();
            await scene.EndConnectionsAsync();
            await scene.UntilBlockedAsync();
            await transaction.RollbackAsync(Token);
            Assert.Equal(CreditStatus.Applied, (await spend).Status);
        }

        await account.AuditAsync();
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task A_connection_lost_at_commit_leaves_an_unknown_outcome_that_the_id_resolves()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);
        await scene.ExecuteAsync(Die);
        var spend = account.Spend("s", 1, "die");
        var error = await Assert.ThrowsAsync<CreditStoreException>(() =>
            scene.Store.ApplyAsync(new CreditBatch([spend]), Token)
        );
        Assert.Equal((CreditOperationOutcome.Unknown, true), (error.Outcome, error.IsTransient));

        await scene.ExecuteAsync("DROP FUNCTION die CASCADE");
        await account.MustApplyAsync(spend);
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task A_server_that_does_not_know_whether_it_committed_leaves_an_unknown_outcome()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);

        // What distributed databases answer when the nodes that know are out of reach.
        await scene.ExecuteAsync(
            """
            CREATE FUNCTION doubt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                RAISE EXCEPTION 'result is ambiguous' USING ERRCODE = '40003';
            END $$;
            CREATE CONSTRAINT TRIGGER doubt AFTER INSERT ON usage_logs DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.action = 'doubt') EXECUTE FUNCTION doubt();
            """
        );
        foreach (var command in new[] { account.Spend("s", 1, "doubt"), account.Grant("h", 1, source: "doubt") })
        {
            var error = await Assert.ThrowsAsync<CreditStoreException>(() =>
                scene.Store.ApplyAsync(new CreditBatch([command]), Token)
            );
            Assert.Equal((CreditOperationOutcome.Unknown, true), (error.Outcome, error.IsTransient));
        }
    }

    [Fact]
    public async Task What_was_saved_before_a_connection_was_lost_is_read_again_after_it()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var account = await scene.NewAccountAsync(5);
        var dying = await scene.NewAccountAsync(5);
        await scene.ExecuteAsync(Die);
        await using var other = await scene.ConnectAsync();
        await using (var transaction = await other.BeginTransactionAsync(Token))
        {
            // One batch is under way, and will be saved, while another loses its connection.
            await PostgresScene.ExecuteAsync(other, PostgresScene.Lock, account.Id.Value);
            var spend = Task.Run(() => account.ApplyAllAsync(account.Spend("s", 1)), Token);
            await scene.UntilBlockedAsync();
            await Assert.ThrowsAsync<CreditStoreException>(() => dying.ApplyAllAsync(dying.Spend("s", 1, "die")));
            await transaction.CommitAsync(Token);
            Assert.Equal(4, (await spend)[0].Balance);
        }

        // As on a standby that took over without that spend, and on which another host made one that is as many versions on.
        await scene.ExecuteAsync(
            $"""
            UPDATE usage_logs SET operation_id = 'there', credits = -4, balance = 1, grants = '[["g",-4]]'
                WHERE account = '{account.Id}' AND operation_id = 's';
            UPDATE credit_grants SET free = 1 WHERE account = '{account.Id}';
            UPDATE user_credits SET free = 1 WHERE account = '{account.Id}';
            """
        );
        Assert.Equal(0, (await account.MustApplyAsync(account.Spend("t", 1))).Balance);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_a_store_failure_that_was_not_applied()
    {
        await using var host = EfHost.OnPostgres("Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=2");
        var account = new Testing.Credits.AccountUnderTest(host.Credits);
        var errors = new[]
        {
            await Assert.ThrowsAsync<CreditStoreException>(() => account.ApplyAllAsync(account.Grant("g", 1))),
            await Assert.ThrowsAsync<CreditStoreException>(account.ReadAsync),
            await Assert.ThrowsAsync<CreditStoreException>(() => account.ReadLogAsync()),
            await Assert.ThrowsAsync<CreditStoreException>(() =>
                ((ICreditVersions)host.Credits).ReadVersionsAsync([account.Id], Token)
            ),
            await Assert.ThrowsAsync<CreditStoreException>(() => ((IDueCredits)host.Credits).FindDueAsync(1, Token)),
        };
        Assert.All(errors, e => Assert.Equal((CreditOperationOutcome.NotApplied, true), (e.Outcome, e.IsTransient)));
        await Assert.ThrowsAsync<PayPerUse.Payments.PaymentStoreException>(() => host.Payments.FindAsync("x", Token));
    }

    [Fact]
    public async Task Everything_works_where_the_app_lets_EF_Core_retry()
    {
        await using var scene = await PostgresScene.OpenAsync(database, isRetrying: true);
        var account = await scene.NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2));
        await account.MustApplyAsync(CreditCommand.Commit(reservation, 1));
        await account.MustApplyAsync(account.Spend("s", 1));
        await account.ExpectAsync(3);
        Assert.Equal(4, (await account.ReadLogAsync()).Count);
    }
}
