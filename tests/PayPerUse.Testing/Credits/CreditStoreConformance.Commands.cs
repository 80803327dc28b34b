using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task A_missing_account_is_empty()
    {
        var account = NewAccount();
        var read = await account.ReadAsync();
        Assert.Equal(new CreditBalance(0, 0, null, 0), read);
        Assert.Empty(await account.ReadLogAsync());
        await account.MustRefuseAsync(account.Spend("s", 1), CreditStatus.InsufficientCredits);
    }

    [Fact]
    public async Task A_grant_adds_credits()
    {
        var account = NewAccount();
        var result = await account.MustApplyAsync(account.Grant("g", 5));
        Assert.Equal((5, 5, Now), (result.Balance, result.Credits, result.At!.Value));
        var entry = await account.LastEntryAsync();
        Assert.Equal(
            ("g", CreditEntryKind.Grant, "five", 5L),
            (entry.OperationId, entry.Kind, entry.Action, entry.Credits)
        );
        Assert.Equal([new GrantChange("g", 5)], entry.Grants);
        await account.ExpectAsync(5);
    }

    [Fact]
    public async Task A_spend_takes_credits_and_records_the_grants_it_burned()
    {
        var account = await NewAccountAsync(2);
        await account.MustApplyAsync(account.Grant("h", 5));
        var spend = account.Spend("s", 3);
        var result = await account.MustApplyAsync(spend);
        Assert.Equal((4, 3), (result.Balance, result.Credits));
        var entry = await account.LastEntryAsync();
        Assert.Equal(
            (CreditEntryKind.Spend, "letter", -3L, 4L),
            (entry.Kind, entry.Action, entry.Credits, entry.Balance)
        );
        Assert.Equal(spend.Attempt, entry.Attempt);
        Assert.Equal([new GrantChange("g", -2), new GrantChange("h", -1)], entry.Grants);
    }

    [Fact]
    public async Task A_spend_never_takes_the_balance_below_zero()
    {
        var account = await NewAccountAsync(2);
        var refused = await account.MustRefuseAsync(account.Spend("s", 3), CreditStatus.InsufficientCredits);
        Assert.Equal(2, refused.Balance);
        await account.MustApplyAsync(account.Grant("h", 1));
        await account.MustApplyAsync(account.Spend("s", 3));
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task Numbers_may_be_a_thousand_million_many_times_over()
    {
        var account = await NewAccountAsync(CreditCommand.MaxCredits);
        for (var i = 0; i < 4; i++)
        {
            await account.MustApplyAsync(account.Grant("h" + i, CreditCommand.MaxCredits));
        }

        await account.MustApplyAsync(account.Spend("s", CreditCommand.MaxCredits));
        await account.ExpectAsync(4 * CreditCommand.MaxCredits);
    }

    [Fact]
    public async Task A_revoke_takes_the_named_grant_then_others_and_the_rest_is_debt()
    {
        var account = await NewAccountAsync(5);
        await account.MustApplyAsync(account.Grant("h", 4));
        await account.MustApplyAsync(account.Spend("s", 3));
        var revoked = await account.MustApplyAsync(account.Revoke("r1", "h", 4));
        Assert.Equal((2, 4), (revoked.Balance, revoked.Credits));
        revoked = await account.MustApplyAsync(account.Revoke("r2", "g", 5));
        Assert.Equal(-3, revoked.Balance);
        var entry = await account.LastEntryAsync();
        Assert.Equal(("g", -5L, "refund"), (entry.Target, entry.Credits, entry.Action));
        Assert.Equal([new GrantChange("g", -2)], entry.Grants);
        await account.MustRefuseAsync(account.Spend("t", 1), CreditStatus.InsufficientCredits);
    }

    [Fact]
    public async Task What_becomes_free_pays_debt_first()
    {
        var account = await NewAccountAsync(5);
        await account.MustApplyAsync(account.Spend("s", 5));
        await account.MustApplyAsync(account.Revoke("r", "g", 5));
        await account.ExpectAsync(-5);
        await account.MustApplyAsync(account.Grant("h", 3));
        await account.ExpectAsync(-2);
        await account.MustApplyAsync(account.Grant("i", 3));
        await account.ExpectAsync(1);
        await account.MustRefuseAsync(account.Spend("t", 2), CreditStatus.InsufficientCredits);
        await account.MustApplyAsync(account.Spend("u", 1));
    }

    [Theory]
    [InlineData("grant")]
    [InlineData("release")]
    [InlineData("partial commit")]
    [InlineData("restore")]
    [InlineData("lapse")]
    public async Task Debt_is_paid_by_whatever_becomes_free(string what)
    {
        // Of 10, 4 are reserved and 6 are gone; taking back 5 leaves a debt of 5.
        var account = await NewAccountAsync(10);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 4));
        await account.MustApplyAsync(account.Spend("s", 6));
        await account.MustApplyAsync(account.Revoke("r", "g", 5));
        await account.ExpectAsync(-5, reserved: 4);
        switch (what)
        {
            case "grant":
                await account.MustApplyAsync(account.Grant("h", 4));
                break;
            case "release":
                await account.MustApplyAsync(CreditCommand.Release(reservation));
                break;
            case "partial commit":
                await account.MustApplyAsync(CreditCommand.Commit(reservation, 1));
                break;
            case "restore":
                await account.MustApplyAsync(account.Restore("b", "g", 4));
                break;
            default:
                Clock.Advance(TimeSpan.FromMinutes(10));
                await account.MustApplyAsync(account.Settle());
                break;
        }

        // Nothing of it was free for a moment: it moved no grant, and nobody can spend it.
        await account.ExpectAsync(what == "partial commit" ? -2 : -1, reserved: what is "grant" or "restore" ? 4 : 0);
        Assert.Empty((await account.LastEntryAsync()).Grants);
        await account.MustRefuseAsync(account.Spend("t", 1), CreditStatus.InsufficientCredits);
        await account.MustApplyAsync(account.Grant("i", 3));
        await account.ExpectAsync(what == "partial commit" ? 1 : 2, reserved: what is "grant" or "restore" ? 4 : 0);
    }

    [Fact]
    public async Task A_revoke_leaves_reserved_credits_with_their_reservation()
    {
        var account = await NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 3));
        await account.MustApplyAsync(account.Revoke("r", "g", 5));
        await account.ExpectAsync(-3, reserved: 3);
        await account.MustApplyAsync(CreditCommand.Release(reservation));
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task A_restore_gives_revoked_credits_back_to_their_grant()
    {
        var account = NewAccount();
        await account.MustApplyAsync(account.Grant("g", 5, Now + TimeSpan.FromDays(30)));
        await account.MustApplyAsync(account.Spend("s", 2));
        await account.MustApplyAsync(account.Revoke("r", "g", 5));
        await account.ExpectAsync(-2);
        var restored = await account.MustApplyAsync(account.Restore("r:back", "g", 5));
        Assert.Equal((3, 5), (restored.Balance, restored.Credits));
        Assert.Equal(Now + TimeSpan.FromDays(30), (await account.ReadAsync()).NextExpiry);
        await account.MustRefuseAsync(account.Restore("more", "g", 1), CreditStatus.ExceedsLimit);
    }

    [Fact]
    public async Task A_revoke_or_restore_of_too_much_or_of_nothing_is_refused()
    {
        var account = await NewAccountAsync(5);
        await account.MustRefuseAsync(account.Revoke("r", "nothing", 1), CreditStatus.NotFound);
        await account.MustRefuseAsync(account.Restore("r", "nothing", 1), CreditStatus.NotFound);
        await account.MustRefuseAsync(account.Revoke("r", "g", 6), CreditStatus.ExceedsLimit);
        await account.MustRefuseAsync(account.Restore("r", "g", 1), CreditStatus.ExceedsLimit);
        await account.MustApplyAsync(account.Revoke("r", "g", 3));
        await account.MustRefuseAsync(account.Revoke("q", "g", 3), CreditStatus.ExceedsLimit);
    }

    [Fact]
    public async Task A_revoke_finds_a_grant_that_was_used_up_long_ago()
    {
        var account = await NewAccountAsync(1);
        await account.MustApplyAsync(account.Spend("s", 1));
        await account.MustApplyAsync(account.Grant("h", 3));
        Clock.Advance(TimeSpan.FromDays(400));
        await account.MustApplyAsync(account.Revoke("r", "g", 1));
        await account.ExpectAsync(2);
    }
}
