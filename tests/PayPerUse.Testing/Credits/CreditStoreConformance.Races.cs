using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task Two_hundred_callers_racing_for_fifty_credits_get_exactly_fifty()
    {
        var account = await NewAccountAsync(50);
        await using var ledger = LedgerOver(Store);
        var results = await RaceAsync(200, i => ledger.SubmitAsync(account.Spend("s" + i, 1), Token));
        Assert.Equal(50, results.Count(r => r.Status == CreditStatus.Applied));
        Assert.Equal(150, results.Count(r => r.Status == CreditStatus.InsufficientCredits));
        await account.AuditAsync();
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task Two_hosts_racing_for_fifty_credits_get_exactly_fifty()
    {
        var account = await NewAccountAsync(50);
        await using var one = LedgerOver(Store);
        await using var two = LedgerOver(await CreateSecondStoreAsync(Store, Clock));
        var results = await RaceAsync(200, i => (i % 2 == 0 ? one : two).SubmitAsync(account.Spend("s" + i, 1), Token));
        Assert.Equal(50, results.Count(r => r.Status == CreditStatus.Applied));
        await account.AuditAsync();
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task Of_many_attempts_with_one_id_on_two_hosts_exactly_one_is_applied()
    {
        var account = await NewAccountAsync(50);
        await using var one = LedgerOver(Store);
        await using var two = LedgerOver(await CreateSecondStoreAsync(Store, Clock));
        var results = await RaceAsync(40, i => (i % 2 == 0 ? one : two).SubmitAsync(account.Reserve("k", 3), Token));
        Assert.Equal(1, results.Count(r => r.Status == CreditStatus.Applied));
        Assert.Equal(39, results.Count(r => r.Status == CreditStatus.Replayed));
        Assert.Single(results.Select(r => r.Reservation!.Attempt).Distinct());
        await account.ExpectAsync(47, reserved: 3);
    }

    [Fact]
    public async Task Two_hosts_that_make_the_same_account_at_once_grant_once()
    {
        var two = await CreateSecondStoreAsync(Store, Clock);
        await using var ledgerOne = LedgerOver(Store);
        await using var ledgerTwo = LedgerOver(two);
        var accounts = Enumerable.Range(0, 20).Select(_ => NewAccount()).ToArray();
        var results = await RaceAsync(
            accounts.Length * 4,
            i => (i % 2 == 0 ? ledgerOne : ledgerTwo).SubmitAsync(accounts[i / 4].Grant("payment:1", 5), Token)
        );
        Assert.Equal(accounts.Length, results.Count(r => r.Status == CreditStatus.Applied));
        Assert.All(results, r => Assert.True(r.Succeeded));
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            await account.ExpectAsync(5);
        }
    }

    [Fact]
    public async Task Two_hosts_that_move_the_same_accounts_in_opposite_order_lose_nothing()
    {
        var two = await CreateSecondStoreAsync(Store, Clock);
        var accounts = Enumerable.Range(0, 10).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 100))]);
        await using var ledgerOne = LedgerOver(Store);
        await using var ledgerTwo = LedgerOver(two);
        var results = await RaceAsync(
            400,
            i =>
            {
                var account = accounts[i % 2 == 0 ? i / 2 % 10 : 9 - (i / 2 % 10)];
                return (i % 2 == 0 ? ledgerOne : ledgerTwo).SubmitAsync(account.Spend("s" + i, 1), Token);
            }
        );
        Assert.All(results, r => Assert.Equal(CreditStatus.Applied, r.Status));
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            await account.ExpectAsync(60);
        }
    }

    [Fact]
    public async Task What_one_host_did_another_sees_at_once()
    {
        var two = new AccountUnderTest(await CreateSecondStoreAsync(Store, Clock));
        var one = new AccountUnderTest(Store, id: two.Id);
        await one.MustApplyAsync(one.Grant("g", 5));
        await two.ExpectAsync(5);
        var reservation = await two.MustReserveAsync(two.Reserve("k", 2));
        await one.MustApplyAsync(CreditCommand.Commit(reservation));
        await two.ExpectAsync(3);
    }

    private protected static async Task<CreditResult[]> RaceAsync(int callers, Func<int, Task<CreditResult>> call)
    {
        // All callers leave at one shot, from threads of the pool.
        var shot = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = Enumerable
            .Range(0, callers)
            .Select(async i =>
            {
                await shot.Task;
                return await call(i);
            })
            .ToArray();
        shot.SetResult();
        return await Task.WhenAll(tasks);
    }
}
