using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class PostgresLockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Lock = "SELECT 1 FROM user_credits WHERE account = $1 FOR UPDATE";

    [Fact]
    public async Task A_waiter_behind_a_lock_never_sees_stale_grants_or_ids()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        await using var second = scene.NewHost();
        var account = await scene.NewAccountAsync(5);
        await using var other = await scene.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await PostgresScene.ExecuteAsync(other, Lock, account.Id.Value);

        // Both hosts wait for the row, one behind the other. What the waiter would have read before its turn is stale by then.
        var first = new AccountUnderTest(second.Credits, id: account.Id);
        var ahead = Task.Run(() => first.ApplyAllAsync(first.Spend("s", 3), first.Grant("h", 4)));
        await scene.UntilBlockedAsync();
        var waiter = Task.Run(() =>
            account.ApplyAllAsync(account.Spend("s", 3), account.Grant("h", 4), account.Spend("all", 6))
        );
        await scene.UntilBlockedAsync(waiters: 2);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

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
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await PostgresScene.ExecuteAsync(other, Lock, account.Id.Value);

        // Both wait for the same row. The one that is second must see what the first one did.
        var batch = new CreditBatch([CreditCommand.Commit(reservation)]);
        var release = new CreditBatch([CreditCommand.Release(reservation)]);
        var waiters = new[]
        {
            scene.Store.ApplyAsync(batch, TestContext.Current.CancellationToken),
            second.Credits.ApplyAsync(release, TestContext.Current.CancellationToken),
        };
        await scene.UntilBlockedAsync(waiters: 2);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

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
    public async Task Accounts_are_locked_in_the_order_of_their_bytes()
    {
        await using var scene = await PostgresScene.OpenAsync(database);
        AccountId[] accounts = [new("B"), new("a"), new("\u00e4"), new("Z"), new("_"), new("aa")];
        foreach (var account in accounts)
        {
            await scene.Store.ApplyAsync(
                new CreditBatch([CreditCommand.Grant(account, "g", 5, "five")]),
                TestContext.Current.CancellationToken
            );
        }

        // Holding the middle one, the batch must hold exactly those before it: the others can still be locked.
        await using var other = await scene.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await PostgresScene.ExecuteAsync(other, Lock, new AccountId("_").Value);
        var waiter = scene.Store.ApplyAsync(
            new CreditBatch(accounts.Select(a => CreditCommand.Spend(a, "s", 1, "letter"))),
            TestContext.Current.CancellationToken
        );
        await scene.UntilBlockedAsync();
        await using var third = await scene.ConnectAsync();
        var free = await PostgresScene.ReadAsync<string[]>(
            third,
            "SELECT array_agg(account) FROM (SELECT account FROM user_credits ORDER BY account FOR UPDATE SKIP LOCKED) a"
        );
        Assert.Equal(["a/credits", "aa/credits", "\u00e4/credits"], free);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.All(await waiter, o => Assert.Equal(CreditStatus.Applied, o.Result?.Status));
    }

    private sealed class SameStatuses : IEqualityComparer<CreditStatus[]>
    {
        public static SameStatuses Instance { get; } = new();

        public bool Equals(CreditStatus[]? x, CreditStatus[]? y) => x!.SequenceEqual(y!);

        public int GetHashCode(CreditStatus[] statuses) => statuses.Length;
    }
}
