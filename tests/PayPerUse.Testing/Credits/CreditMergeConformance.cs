using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>What a store must do beyond <see cref="CreditRetentionConformance"/> when its accounts can be merged.</summary>
public abstract partial class CreditMergeConformance : CreditRetentionConformance
{
    private ICreditMerger Merger => Assert.IsType<ICreditMerger>(Store, exactMatch: false);

    [Fact]
    public async Task A_merge_moves_what_is_left_and_closes_the_source()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await anna.MustApplyAsync(anna.Grant("h", 3));
        await guest.MustApplyAsync(guest.Spend("s", 4));

        await MustMergeAsync(guest, anna);
        await guest.ExpectAsync(0);
        await anna.ExpectAsync(9);
        Assert.Equal(anna.Id, (await guest.ReadAsync()).MergedInto);
        Assert.Null((await anna.ReadAsync()).MergedInto);
        Assert.Equal(anna.Id, await Merger.FindMergedIntoAsync(guest.Id, Token));
        Assert.Null(await Merger.FindMergedIntoAsync(anna.Id, Token));
        Assert.Equal([guest.Id], await Merger.FindMergedAsync([anna.Id], 10, Token));
        Assert.Empty(await Merger.FindMergedAsync([guest.Id], 10, Token));
        var (closed, merged) = (await guest.LastEntryAsync(), await anna.LastEntryAsync());
        Assert.Equal((CreditEntryKind.MergeOut, -6L, 0L), (closed.Kind, closed.Credits, closed.Balance));
        Assert.Equal(("g", CreditEntryKind.MergeIn, 6L), (merged.OperationId, merged.Kind, merged.Credits));
        Assert.Equal("five", merged.Action);
        await anna.MustApplyAsync(anna.Spend("all", 9));
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task What_came_to_several_accounts_is_found_together_in_order_and_within_the_limit()
    {
        var (anna, bert) = (NewAccount(), NewAccount());
        var guests = new[] { NewAccount(), NewAccount(), NewAccount() };
        foreach (var (guest, target) in guests.Zip([anna, bert, anna]))
        {
            await MustMergeAsync(guest, target);
        }

        var found = guests.Select(g => g.Id).Order().ToArray();
        Assert.Equal(found, await Merger.FindMergedAsync([anna.Id, bert.Id, NewAccount().Id], 10, Token));
        Assert.Equal(found[..2], await Merger.FindMergedAsync([anna.Id, bert.Id], 2, Token));
        Assert.Empty(await Merger.FindMergedAsync([], 10, Token));
    }

    [Fact]
    public async Task Asked_for_again_it_says_that_it_is_done_and_changes_nothing()
    {
        var (guest, anna) = (await NewAccountAsync(10), await NewAccountAsync(1));
        await MustMergeAsync(guest, anna);
        var versions = ((await guest.ReadAsync()).Version, (await anna.ReadAsync()).Version);
        var again = await MergeAsync(guest, anna);
        Assert.Equal(new CreditMergeResult(CreditMergeStatus.AlreadyMerged, anna.Id), again);
        Assert.Equal(versions, ((await guest.ReadAsync()).Version, (await anna.ReadAsync()).Version));
        await anna.ExpectAsync(11);
    }

    [Fact]
    public async Task A_closed_account_refuses_whatever_moves_credits_and_names_the_other()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await MustMergeAsync(guest, anna);
        foreach (
            var command in new[]
            {
                guest.Grant("late", 5),
                guest.Spend("s", 1),
                guest.Reserve("k", 1),
                guest.Revoke("r", "g", 1),
                guest.Restore("b", "g", 1),
            }
        )
        {
            var refused = await guest.MustRefuseAsync(command, CreditStatus.Merged);
            Assert.Equal((anna.Id, 0L), (refused.MergedInto, refused.Balance));
        }

        await guest.MustRefuseAsync(guest.Settle(), CreditStatus.Applied);
        await anna.ExpectAsync(10);
    }

    [Fact]
    public async Task Ids_that_a_closed_account_knows_still_answer_their_first_result()
    {
        var (guest, anna) = (NewAccount(), NewAccount());
        var (grant, spend) = (guest.Grant("payment:1", 10), guest.Spend("s", 4));
        var revoke = guest.Revoke("payment:1:rev:1", "payment:1", 2);
        await guest.MustApplyAsync(grant);
        var spent = await guest.MustApplyAsync(spend);
        await guest.MustApplyAsync(revoke);
        var reserve = guest.Reserve("k", 3);
        var reservation = await guest.MustReserveAsync(reserve);
        await guest.MustApplyAsync(CreditCommand.Commit(reservation, 1));
        await MustMergeAsync(guest, anna);

        foreach (var command in new[] { grant, spend, revoke, reserve })
        {
            await guest.MustRefuseAsync(command, CreditStatus.Applied);
            await guest.MustRefuseAsync(Again(command), CreditStatus.Replayed);
        }

        Assert.Equal(spent.Balance, (await guest.ApplyAsync(Again(spend))).Balance);
        await guest.MustRefuseAsync(CreditCommand.Commit(reservation, 1), CreditStatus.Applied);
        await guest.MustRefuseAsync(CreditCommand.Release(reservation), CreditStatus.AlreadyCommitted);
        await guest.MustRefuseAsync(guest.Spend("s", 3), CreditStatus.Conflict);
        await anna.ExpectAsync(3);
    }

    [Fact]
    public async Task A_source_with_open_reservations_says_try_again_and_is_left_alone()
    {
        var (guest, anna) = (await NewAccountAsync(10), await NewAccountAsync(1));
        var reservation = await guest.MustReserveAsync(guest.Reserve("k", 4));
        var versions = ((await guest.ReadAsync()).Version, (await anna.ReadAsync()).Version);
        Assert.Equal(new(CreditMergeStatus.ReservationsOpen, null), await MergeAsync(guest, anna));
        Assert.Equal(versions, ((await guest.ReadAsync()).Version, (await anna.ReadAsync()).Version));

        await guest.MustApplyAsync(CreditCommand.Commit(reservation, 3));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(8);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task A_reservation_past_its_deadline_does_not_hold_a_merge_up()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await guest.MustReserveAsync(guest.Reserve("k", 4));
        Clock.Advance(TimeSpan.FromMinutes(11));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(10);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task Open_reservations_of_the_target_stay_its_own()
    {
        var (guest, anna) = (await NewAccountAsync(10), await NewAccountAsync(5));
        var reservation = await anna.MustReserveAsync(anna.Reserve("k", 4));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(11, reserved: 4);
        await anna.MustApplyAsync(CreditCommand.Commit(reservation, 1));
        await anna.ExpectAsync(14);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task What_expires_still_expires_when_it_would_have()
    {
        var (guest, anna) = (NewAccount(), await NewAccountAsync(5));
        await guest.MustApplyAsync(guest.Grant("e", 4, Now + TimeSpan.FromDays(2)));
        await guest.MustApplyAsync(guest.Grant("gone", 4, Now + TimeSpan.FromHours(1)));
        Clock.Advance(TimeSpan.FromDays(1));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(9);
        Assert.Equal(Now + TimeSpan.FromDays(1), (await anna.ReadAsync()).NextExpiry);

        // It burns first, as it did.
        await anna.MustApplyAsync(anna.Spend("s", 1));
        Clock.Advance(TimeSpan.FromDays(1));
        await anna.ExpectAsync(5);
        await anna.MustApplyAsync(anna.Settle());
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task The_debt_of_the_source_is_paid_by_what_is_free_on_the_target()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await anna.MustApplyAsync(anna.Grant("h", 4));
        await guest.MustApplyAsync(guest.Spend("s", 10));
        await guest.MustApplyAsync(guest.Revoke("r", "g", 7));
        await guest.ExpectAsync(-7);
        await MustMergeAsync(guest, anna);
        await guest.ExpectAsync(0);
        await anna.ExpectAsync(-3);
        Assert.Equal(
            (CreditEntryKind.MergeDebt, -7L),
            (await anna.LastEntryAsync()) is var last ? (last.Kind, last.Credits) : default
        );
        await anna.MustApplyAsync(anna.Restore("b", "g", 7));
        await anna.ExpectAsync(4);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task What_has_expired_on_the_target_pays_no_debt_of_the_source()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await guest.MustApplyAsync(guest.Spend("s", 10));
        await guest.MustApplyAsync(guest.Revoke("r", "g", 4));
        await anna.MustApplyAsync(anna.Grant("e", 5, Now + TimeSpan.FromHours(1)));
        Clock.Advance(TimeSpan.FromHours(2));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(-4);
        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.Expire, CreditEntryKind.MergeIn, CreditEntryKind.MergeDebt],
            (await anna.ReadLogAsync()).Select(e => e.Kind)
        );
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task What_comes_in_pays_the_debt_of_the_target_first()
    {
        var (guest, anna) = (await NewAccountAsync(10), NewAccount());
        await anna.MustApplyAsync(anna.Grant("h", 4));
        await anna.MustApplyAsync(anna.Spend("s", 4));
        await anna.MustApplyAsync(anna.Revoke("r", "h", 3));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(7);
        await anna.MustApplyAsync(anna.Spend("t", 7));
        await anna.ExpectAsync(0);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task What_was_paid_for_can_be_taken_back_after_a_merge_even_when_it_was_used_up_before()
    {
        var (guest, anna) = (NewAccount(), await NewAccountAsync(1));
        await guest.MustApplyAsync(guest.Grant("payment:1", 5));
        await guest.MustApplyAsync(guest.Spend("s", 5));
        await guest.MustApplyAsync(guest.Revoke("payment:1:rev:1", "payment:1", 1));
        await guest.MustApplyAsync(guest.Restore("payment:1:rev:2", "payment:1", 1));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(1);
        await anna.MustApplyAsync(anna.Revoke("payment:1:rev:3", "payment:1", 5));
        await anna.ExpectAsync(-4);
        await anna.MustRefuseAsync(anna.Revoke("more", "payment:1", 1), CreditStatus.ExceedsLimit);
        await anna.MustApplyAsync(anna.Restore("payment:1:rev:4", "payment:1", 5));
        await anna.ExpectAsync(1);
        await MustVerifyAsync(guest, anna);
    }

    private Task<CreditMergeResult> MergeAsync(AccountUnderTest source, AccountUnderTest target) =>
        Merger.MergeAsync(source.Id, target.Id, CreditPolicy.Default, Token);

    private async Task MustMergeAsync(AccountUnderTest source, AccountUnderTest target)
    {
        var total = (await source.ReadAsync()).Balance + (await target.ReadAsync()).Balance;
        Assert.Equal(new(CreditMergeStatus.Merged, target.Id), await MergeAsync(source, target));
        Assert.Equal(total, (await target.ReadAsync()).Balance);
        await source.AuditAsync();
        await target.AuditAsync(isSettled: false);
    }

    private async Task MustVerifyAsync(params AccountUnderTest[] accounts)
    {
        foreach (var account in accounts)
        {
            var verdict = await VerifyAsync(account.Id);
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }
}
