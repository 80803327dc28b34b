using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditMergeConformance
{
    [Fact]
    public async Task A_grant_that_came_with_a_merge_is_never_granted_again()
    {
        var (guest, anna) = (NewAccount(), NewAccount());
        await guest.MustApplyAsync(guest.Grant("payment:1", 5));
        await guest.MustApplyAsync(guest.Spend("s", 3));
        await MustMergeAsync(guest, anna);
        var again = await anna.MustRefuseAsync(anna.Grant("payment:1", 5), CreditStatus.Replayed);
        Assert.Equal(5, again.Credits);
        await anna.MustRefuseAsync(anna.Grant("payment:1", 6), CreditStatus.Conflict);
        await anna.MustRefuseAsync(anna.Grant("payment:1", 5, source: "ten"), CreditStatus.Conflict);
        await anna.MustRefuseAsync(anna.Spend("payment:1", 1), CreditStatus.Conflict);
        await anna.MustRefuseAsync(anna.Reserve("payment:1", 1), CreditStatus.Conflict);
        await anna.ExpectAsync(2);
    }

    [Fact]
    public async Task An_id_that_stands_for_something_else_on_the_target_comes_in_under_a_name_of_its_own()
    {
        var (guest, anna) = (NewAccount(), await NewAccountAsync(100));
        foreach (var id in new[] { "welcome", "spent", "open", "released", "used-up" })
        {
            await guest.MustApplyAsync(guest.Grant(id, 5));
        }

        await anna.MustApplyAsync(anna.Grant("welcome", 5));
        await anna.MustApplyAsync(anna.Spend("spent", 1));
        await anna.MustReserveAsync(anna.Reserve("open", 1));
        await anna.MustApplyAsync(CreditCommand.Release(await anna.MustReserveAsync(anna.Reserve("released", 1))));
        await anna.MustApplyAsync(anna.Grant("used-up", 1, Now + TimeSpan.FromDays(1)));
        await anna.MustApplyAsync(anna.Spend("s", 1));
        await MustMergeAsync(guest, anna);
        await anna.ExpectAsync(128, reserved: 1);

        var merged = (await anna.ReadLogAsync()).Where(e => e.Kind == CreditEntryKind.MergeIn).ToArray();
        Assert.Equal(5, merged.Length);
        Assert.All(merged, e => Assert.Matches("^merge:[0-9a-f]{32}$", e.OperationId));
        await anna.MustApplyAsync(anna.Revoke("r", merged[0].OperationId, 5));
        await anna.ExpectAsync(123, reserved: 1);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task An_account_without_a_row_is_closed_too_so_that_late_money_follows()
    {
        var (guest, anna) = (NewAccount(), NewAccount());
        await MustMergeAsync(guest, anna);
        var late = await guest.MustRefuseAsync(guest.Grant("payment:1", 5), CreditStatus.Merged);
        Assert.Equal(anna.Id, late.MergedInto);
        await anna.MustApplyAsync(anna.Grant("payment:1", 5));
        await anna.ExpectAsync(5);
        Assert.Equal([guest.Id], await Merger.FindMergedAsync([anna.Id], 10, Token));
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task A_target_that_was_merged_itself_is_named_and_the_ledger_goes_there()
    {
        var (guest, anna, bert) = (await NewAccountAsync(10), NewAccount(), NewAccount());
        await anna.MustApplyAsync(anna.Grant("h", 1));
        await MustMergeAsync(anna, bert);
        Assert.Equal(new(CreditMergeStatus.TargetClosed, bert.Id), await MergeAsync(guest, anna));

        await using var ledger = LedgerOver(Store);
        var merged = new CreditMergeResult(CreditMergeStatus.Merged, bert.Id);
        Assert.Equal(merged, await ledger.MergeAsync(guest.Id, anna.Id, Token));
        var again = new CreditMergeResult(CreditMergeStatus.AlreadyMerged, bert.Id);
        Assert.Equal(again, await ledger.MergeAsync(guest.Id, anna.Id, Token));
        Assert.Equal(again, await ledger.MergeAsync(guest.Id, bert.Id, Token));
        var other = NewAccount();
        Assert.Equal(new(CreditMergeStatus.SourceClosed, bert.Id), await ledger.MergeAsync(guest.Id, other.Id, Token));
        Assert.Equal(new(CreditMergeStatus.TargetClosed, bert.Id), await ledger.MergeAsync(bert.Id, anna.Id, Token));
        await bert.ExpectAsync(11);
        await MustVerifyAsync(guest, anna, bert);
    }

    [Fact]
    public async Task A_chain_of_merges_keeps_every_grant_and_is_found_from_both_ends()
    {
        var accounts = Enumerable.Range(0, 5).Select(_ => NewAccount()).ToArray();
        for (var i = 0; i < 4; i++)
        {
            await accounts[i].MustApplyAsync(accounts[i].Grant("payment:" + i, 5));
            await accounts[i].MustApplyAsync(accounts[i].Spend("s" + i, 1));
            await MustMergeAsync(accounts[i], accounts[i + 1]);
        }

        var last = accounts[^1];
        await last.ExpectAsync(16);
        await using var ledger = LedgerOver(Store);
        Assert.Equal(last.Id, await ledger.FindCurrentAsync(accounts[0].Id, Token));
        Assert.Equal(
            accounts[..4].Select(a => a.Id).Order(),
            (await ledger.FindAllMergedAsync(last.Id, Token)).Order()
        );
        foreach (var i in new[] { 0, 3 })
        {
            await last.MustApplyAsync(last.Revoke($"payment:{i}:rev:1", "payment:" + i, 5));
        }

        await last.ExpectAsync(6);
        await MustVerifyAsync(accounts);
    }

    [Fact]
    public async Task What_a_merge_did_is_known_after_both_logs_were_trimmed()
    {
        var (guest, anna) = (NewAccount(), await NewAccountAsync(3));
        await guest.MustApplyAsync(guest.Grant("payment:1", 5));
        await guest.MustApplyAsync(guest.Spend("s", 5));
        await guest.MustApplyAsync(guest.Revoke("payment:1:rev:1", "payment:1", 1));
        await guest.MustApplyAsync(guest.Grant("payment:2", 6));
        await MustMergeAsync(guest, anna);
        Clock.Advance(TimeSpan.FromDays(365));
        Assert.True(await TrimAsync(Store, Now, entriesPerStep: 1) > 0);
        Assert.Empty(await anna.ReadLogAsync());
        Assert.Empty(await guest.ReadLogAsync());
        await MustVerifyAsync(guest, anna);

        Assert.Equal(CreditMergeStatus.AlreadyMerged, (await MergeAsync(guest, anna)).Status);
        await guest.MustRefuseAsync(guest.Grant("payment:1", 5), CreditStatus.Replayed);
        await guest.MustRefuseAsync(guest.Grant("payment:3", 5), CreditStatus.Merged);
        await anna.MustRefuseAsync(anna.Grant("payment:2", 6), CreditStatus.Replayed);
        await anna.MustRefuseAsync(anna.Spend("payment:2", 6), CreditStatus.Conflict);
        await anna.MustApplyAsync(anna.Revoke("payment:1:rev:2", "payment:1", 4));
        await anna.MustRefuseAsync(anna.Revoke("more", "payment:1", 1), CreditStatus.ExceedsLimit);
        await anna.ExpectAsync(4);
        await MustVerifyAsync(guest, anna);
    }

    [Fact]
    public async Task Accounts_of_different_types_and_one_account_with_itself_are_misuse()
    {
        var account = await NewAccountAsync(1);
        var minutes = new AccountId(account.Id.Owner, "minutes");
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Merger.MergeAsync(account.Id, minutes, CreditPolicy.Default, Token)
        );
        await Assert.ThrowsAsync<ArgumentException>(() => MergeAsync(account, account));
    }
}
