using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class PostgresLockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // By its bytes the first comes before the second, by its UTF-16 characters after it.
    private static readonly AccountId Won = new("\uffe6");
    private static readonly AccountId Santa = new("\U0001F385");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiter_behind_a_lock_never_sees_stale_grants_or_ids()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        await using var second = scene.NewHost();
        var account = await scene.NewAccountAsync(5);
        await using var other = await scene.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(Token);
        await PostgresScene.ExecuteAsync(other, PostgresScene.Lock, account.Id.Value);

        // Both hosts wait for the row, one behind the other. What the waiter would have read before its turn is stale by then.
        var first = new AccountUnderTest(second.Credits, id: account.Id);
        var ahead = Task.Run(() => first.ApplyAllAsync(first.Spend("s", 3), first.Grant("h", 4)));
        await scene.UntilBlockedAsync();
        var waiter = Task.Run(() =>
            account.ApplyAllAsync(account.Spend("s", 3), account.Grant("h", 4), account.Spend("all", 6))
        );
        await scene.UntilBlockedAsync(waiters: 2);
        await transaction.CommitAsync(Token);

        Assert.All(await ahead, r => Assert.Equal(CreditStatus.Applied, r.Status));
        var results = await waiter;
        Assert.Equal(
            [CreditStatus.Replayed, CreditStatus.Replayed, CreditStatus.Applied],
            results.Select(r => r.Status)
        );
        Assert.Equal([2, 6, 0], results.Select(r => r.Balance));
        await account.AuditAsync();
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task A_waiter_behind_a_lock_never_sees_a_stale_reservation()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        await using var second = scene.NewHost();
        var account = await scene.NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2));
        await using var other = await scene.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(Token);
        await PostgresScene.ExecuteAsync(other, PostgresScene.Lock, account.Id.Value);

        // Both wait for the same row. The one that is second must see what the first one did.
        var batch = new CreditBatch([CreditCommand.Commit(reservation)]);
        var release = new CreditBatch([CreditCommand.Release(reservation)]);
        var waiters = new[] { scene.Store.ApplyAsync(batch, Token), second.Credits.ApplyAsync(release, Token) };
        await scene.UntilBlockedAsync(waiters: 2);
        await transaction.CommitAsync(Token);

        var results = (await Task.WhenAll(waiters)).Select(o => o[0].Result!.Status).ToArray();
        Assert.Contains(
            results,
            new HashSet<CreditStatus[]>(SameStatuses.Instance)
            {
                new[] { CreditStatus.Applied, CreditStatus.AlreadyCommitted },
                new[] { CreditStatus.AlreadyReleased, CreditStatus.Applied },
            }
        );
        await account.AuditAsync();
    }

    [Fact]
    public async Task A_waiter_that_saves_without_reading_sees_the_ids_of_who_was_ahead()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        await using var second = scene.NewHost();
        var account = await scene.NewAccountAsync(5);
        await account.MustApplyAsync(account.Spend("s", 1));
        await using var other = await scene.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(Token);
        await PostgresScene.ExecuteAsync(other, PostgresScene.Lock, account.Id.Value);

        // The waiter's one statement begins before the reservation is there, and gets the lock after it.
        var first = new AccountUnderTest(second.Credits, id: account.Id);
        var ahead = Task.Run(() => first.ApplyAsync(first.Reserve("k", 2)));
        await scene.UntilBlockedAsync();
        var waiter = Task.Run(() => account.ApplyAsync(account.Spend("k", 2)));
        await scene.UntilBlockedAsync(waiters: 2);
        await transaction.CommitAsync(Token);

        Assert.Equal(CreditStatus.Applied, (await ahead).Status);
        Assert.Equal(CreditStatus.Conflict, (await waiter).Status);
        await account.AuditAsync();
        await account.ExpectAsync(2, reserved: 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accounts_are_locked_in_the_order_of_their_bytes(bool isSeen)
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        AccountId[] accounts = [new("B"), Santa, new("a"), new("\u00e4"), new("Z"), new("_"), Won, new("aa")];
        foreach (var account in accounts)
        {
            await scene.Store.ApplyAsync(new CreditBatch([CreditCommand.Grant(account, "g", 5, "five")]), Token);
        }

        // Holding one of them, the batch must hold exactly those before it: those after it can still be locked.
        foreach (
            var (held, after) in new[]
            {
                (new AccountId("_"), new[] { "a", "aa", "\u00e4", Won.Owner, Santa.Owner }),
                (Won, [Santa.Owner]),
            }
        )
        {
            await using var fresh = scene.NewHost();
            var store = isSeen ? scene.Store : fresh.Credits;
            var spends = new CreditBatch(accounts.Select(a => CreditCommand.Spend(a, "s" + held.Owner, 1, "letter")));
            var free = await scene.FindFreeAsync(held, () => store.ApplyAsync(spends, Token));
            Assert.Equal(after, free);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Accounts_that_are_merged_are_locked_in_that_order_too(bool isIntoTheFirst)
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        var (source, target) = isIntoTheFirst ? (Santa, Won) : (Won, Santa);
        foreach (var account in new[] { source, target })
        {
            await scene.Store.ApplyAsync(new CreditBatch([CreditCommand.Grant(account, "g", 5, "five")]), Token);
        }

        var merger = (ICreditMerger)scene.Store;
        var free = await scene.FindFreeAsync(Won, () => merger.MergeAsync(source, target, CreditPolicy.Default, Token));
        Assert.Equal([Santa.Owner], free);
    }

    [Fact]
    public async Task New_accounts_are_made_in_that_order_too()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        await scene.ExecuteAsync(
            """
            CREATE TABLE made (place bigserial, account text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO made (account) VALUES (NEW.account); RETURN NEW; END';
            CREATE TRIGGER note BEFORE INSERT ON user_credits FOR EACH ROW EXECUTE FUNCTION note()
            """
        );
        AccountId[] accounts = [new("B"), Santa, new("a"), new("\u00e4"), new("Z"), new("_"), Won, new("aa")];
        await scene.Store.ApplyAsync(
            new CreditBatch(accounts.Select(a => CreditCommand.Grant(a, "g", 5, "five"))),
            Token
        );

        // Two hosts that make the same accounts would else wait for each other.
        await using var connection = await scene.ConnectAsync();
        var made = await PostgresScene.ReadAsync<string[]>(
            connection,
            "SELECT array_agg(account ORDER BY place) FROM made"
        );
        Assert.Equal(
            ["B", "Z", "_", "a", "aa", "\u00e4", Won.Owner, Santa.Owner],
            made.Select(a => AccountId.Parse(a).Owner)
        );
    }

    private sealed class SameStatuses : IEqualityComparer<CreditStatus[]>
    {
        public static SameStatuses Instance { get; } = new();

        public bool Equals(CreditStatus[]? x, CreditStatus[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(CreditStatus[] statuses) => statuses.Length;
    }
}
