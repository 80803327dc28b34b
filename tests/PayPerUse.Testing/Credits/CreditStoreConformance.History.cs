using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task History_comes_newest_first_in_pages_without_gaps()
    {
        var account = await NewAccountAsync(100);
        await account.ApplyAllAsync([.. Enumerable.Range(0, 24).Select(i => account.Spend("s" + i, 1))]);

        var newest = await Store.ReadHistoryAsync(account.Id, null, 10, Token);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 25L - i), newest.Select(e => e.Sequence));
        var next = await Store.ReadHistoryAsync(account.Id, 16, 10, Token);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => 15L - i), next.Select(e => e.Sequence));
        var rest = await Store.ReadHistoryAsync(account.Id, 6, 10, Token);
        Assert.Equal([5, 4, 3, 2, 1], rest.Select(e => e.Sequence));
        Assert.Empty(await Store.ReadHistoryAsync(account.Id, 1, 10, Token));
        Assert.Equal(newest, await Store.ReadHistoryAsync(account.Id, 1000, 10, Token), SameEntry);
        Assert.Equal(25, (await account.ReadLogAsync(page: 7)).Count);
    }

    [Fact]
    public async Task A_version_goes_up_with_every_change_and_only_then()
    {
        var account = await NewAccountAsync(5);
        var version = (await account.ReadAsync()).Version;
        Assert.True(version > 0);
        await account.MustRefuseAsync(account.Spend("s", 9), CreditStatus.InsufficientCredits);
        Assert.Equal(version, (await account.ReadAsync()).Version);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 1));
        var reserved = (await account.ReadAsync()).Version;
        Assert.True(reserved > version);
        await account.MustApplyAsync(CreditCommand.Renew(reservation, TimeSpan.FromHours(1)));
        Assert.True((await account.ReadAsync()).Version > reserved);
    }

    [Fact]
    public async Task Versions_of_many_accounts_are_read_at_once()
    {
        var versions = NeedsInterface<ICreditVersions>();
        var (one, two, missing) = (await NewAccountAsync(5), await NewAccountAsync(5), NewAccount());
        await two.MustApplyAsync(two.Spend("s", 1));
        var read = await versions.ReadVersionsAsync([one.Id, two.Id, missing.Id], Token);
        Assert.Equal((await one.ReadAsync()).Version, read[one.Id]);
        Assert.Equal((await two.ReadAsync()).Version, read[two.Id]);
        Assert.Equal(0, read.GetValueOrDefault(missing.Id));
        Assert.Empty(await versions.ReadVersionsAsync([], Token));
    }

    [Fact]
    public async Task Accounts_on_which_something_is_due_are_found_until_they_are_settled()
    {
        var due = NeedsInterface<IDueCredits>();
        var (lapsing, expiring, usedUp, lasting) = (
            await NewAccountAsync(5),
            NewAccount(),
            NewAccount(),
            await NewAccountAsync(5)
        );
        await lapsing.MustReserveAsync(lapsing.Reserve("k", 1, TimeSpan.FromMinutes(1)));
        await expiring.MustApplyAsync(expiring.Grant("g", 5, Now + TimeSpan.FromMinutes(1)));
        await usedUp.MustApplyAsync(usedUp.Grant("g", 5, Now + TimeSpan.FromMinutes(1)));
        await usedUp.MustApplyAsync(usedUp.Spend("s", 5));
        AccountId[] mine = [lapsing.Id, expiring.Id, usedUp.Id, lasting.Id];

        Assert.Empty((await due.FindDueAsync(10_000, Token)).Intersect(mine));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(
            [lapsing.Id, expiring.Id],
            (await due.FindDueAsync(10_000, Token)).Intersect(mine).OrderBy(a => Array.IndexOf(mine, a))
        );
        Assert.Single(await due.FindDueAsync(1, Token));

        await lapsing.MustApplyAsync(lapsing.Settle());
        Assert.Equal([expiring.Id], (await due.FindDueAsync(10_000, Token)).Intersect(mine));
        await expiring.MustApplyAsync(expiring.Settle());
        Assert.Empty((await due.FindDueAsync(10_000, Token)).Intersect(mine));
    }

    private T NeedsInterface<T>()
        where T : class
    {
        if (Store is not T wanted)
        {
            Assert.Skip($"{Store.GetType().Name} does not implement {typeof(T).Name}, which is optional.");
            throw new InvalidOperationException();
        }

        return wanted;
    }

    private static bool SameEntry(CreditEntry one, CreditEntry two) =>
        one with { Grants = [] } == two with { Grants = [] } && one.Grants.SequenceEqual(two.Grants);
}
