using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditMergeConformance
{
    [Fact]
    public async Task A_merge_amid_grants_and_spends_of_two_hosts_loses_and_doubles_nothing()
    {
        await using var one = LedgerOver(Store);
        await using var two = LedgerOver(await CreateSecondStoreAsync(Store, Clock));
        for (var round = 0; round < 5; round++)
        {
            var (guest, anna) = (await NewAccountAsync(50), NewAccount());
            await anna.MustApplyAsync(anna.Grant("h", 50));
            var merging = Task.CompletedTask;
            var results = await RaceAsync(
                120,
                async i =>
                {
                    if (i == 60)
                    {
                        merging = one.MergeAsync(guest.Id, anna.Id, Token);
                        await merging;
                    }

                    var account = i % 3 == 0 ? anna : guest;
                    var command = i % 10 == 0 ? account.Grant("payment:" + i, 7) : account.Spend("s" + i, 1);
                    return await (i % 2 == 0 ? one : two).SubmitAsync(command, Token);
                }
            );
            await merging;
            var granted = results.Where((r, i) => i % 10 == 0 && r.Status == CreditStatus.Applied).Sum(r => r.Credits);
            var spent = results.Where((r, i) => i % 10 != 0 && r.Status == CreditStatus.Applied).Sum(r => r.Credits);
            Assert.All(
                results,
                r =>
                    Assert.True(
                        r.Status is CreditStatus.Applied or CreditStatus.Merged or CreditStatus.InsufficientCredits
                    )
            );
            await guest.ExpectAsync(0);
            await anna.ExpectAsync(100 + granted - spent);
            await MustVerifyAsync(guest, anna);
        }
    }

    [Fact]
    public async Task Of_two_accounts_that_are_merged_into_each_other_at_once_one_stays_open()
    {
        var second = Assert.IsType<ICreditMerger>(await CreateSecondStoreAsync(Store, Clock), exactMatch: false);
        for (var round = 0; round < 10; round++)
        {
            // Half of them have no row yet.
            var (anna, bert) =
                round % 2 == 0 ? (NewAccount(), NewAccount()) : (await NewAccountAsync(3), await NewAccountAsync(4));
            var total = (await anna.ReadAsync()).Balance + (await bert.ReadAsync()).Balance;
            var results = await Task.WhenAll(
                Task.Run(() => Merger.MergeAsync(anna.Id, bert.Id, CreditPolicy.Default, Token), Token),
                Task.Run(() => second.MergeAsync(bert.Id, anna.Id, CreditPolicy.Default, Token), Token)
            );
            Assert.Single(results, r => r.Status == CreditMergeStatus.Merged);
            Assert.Single(results, r => r.Status == CreditMergeStatus.TargetClosed);
            var open = (await anna.ReadAsync()).MergedInto is null ? anna : bert;
            Assert.Null((await open.ReadAsync()).MergedInto);
            await open.ExpectAsync(total);
            await MustVerifyAsync(anna, bert);
        }
    }

    [Fact]
    public async Task Many_guests_that_are_merged_into_one_account_at_once_all_arrive()
    {
        var second = Assert.IsType<ICreditMerger>(await CreateSecondStoreAsync(Store, Clock), exactMatch: false);
        var anna = NewAccount();
        var guests = new List<AccountUnderTest>();
        for (var i = 0; i < 12; i++)
        {
            guests.Add(await NewAccountAsync(i + 1));
        }

        var results = await Task.WhenAll(
            guests.SelectMany(g =>
                new[] { Merger, second }.Select(m =>
                    Task.Run(() => m.MergeAsync(g.Id, anna.Id, CreditPolicy.Default, Token), Token)
                )
            )
        );
        Assert.All(results, r => Assert.True(r.Succeeded));
        Assert.Equal(12, results.Count(r => r.Status == CreditMergeStatus.Merged));
        await anna.ExpectAsync(78);
        await MustVerifyAsync([anna, .. guests]);
    }

    [Fact]
    public async Task A_host_that_had_seen_both_accounts_sees_the_merge_of_another()
    {
        var two = await CreateSecondStoreAsync(Store, Clock);
        var (guest, anna) = (await NewAccountAsync(10), await NewAccountAsync(10));
        var (guestThere, annaThere) = (
            new AccountUnderTest(two, null, guest.Id),
            new AccountUnderTest(two, null, anna.Id)
        );
        await guestThere.MustApplyAsync(guest.Spend("a", 1));
        await annaThere.MustApplyAsync(anna.Spend("b", 1));
        await MustMergeAsync(guest, anna);
        await guestThere.MustRefuseAsync(guest.Spend("c", 1), CreditStatus.Merged);
        await annaThere.MustApplyAsync(anna.Spend("d", 18));
        await anna.ExpectAsync(0);
        await MustVerifyAsync(guest, anna);
    }
}
