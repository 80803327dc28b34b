using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditRetentionConformance
{
    [Fact]
    public async Task A_replay_of_an_old_payment_after_retention_grants_nothing()
    {
        var account = NewAccount();
        var payment = account.Grant("payment:1", 5);
        var first = await account.MustApplyAsync(payment);
        await account.MustApplyAsync(account.Spend("s", 5));
        Clock.Advance(Year);
        await TrimAsync(account);

        foreach (
            var (again, status) in new[] { (payment, CreditStatus.Applied), (Again(payment), CreditStatus.Replayed) }
        )
        {
            var result = await account.MustRefuseAsync(again, status);
            Assert.Equal((first.Balance, first.Credits, first.At), (result.Balance, result.Credits, result.At));
        }

        await account.MustRefuseAsync(account.Grant("payment:1", 6), CreditStatus.Conflict);
        await account.MustRefuseAsync(account.Grant("payment:1", 5, source: "ten"), CreditStatus.Conflict);
        await account.MustRefuseAsync(account.Spend("payment:1", 5), CreditStatus.Conflict);
        await account.MustRefuseAsync(account.Reserve("payment:1", 5), CreditStatus.Conflict);
        await account.MustRefuseAsync(account.Revoke("payment:1", "payment:1", 5), CreditStatus.Conflict);
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task A_replay_of_an_old_refund_after_retention_takes_nothing()
    {
        var account = await NewAccountAsync(10);
        var revoke = account.Revoke("payment:1:rev:1", "g", 4);
        var restore = account.Restore("payment:1:rev:2", "g", 3);
        var revoked = await account.MustApplyAsync(revoke);
        var restored = await account.MustApplyAsync(restore);
        Clock.Advance(Year);
        await TrimAsync(account);

        foreach (var (command, first) in new[] { (revoke, revoked), (restore, restored) })
        {
            var result = await account.MustRefuseAsync(Again(command), CreditStatus.Replayed);
            Assert.Equal((first.Balance, first.Credits, first.At), (result.Balance, result.Credits, result.At));
        }

        await account.MustRefuseAsync(account.Revoke("payment:1:rev:1", "g", 5), CreditStatus.Conflict);
        await account.MustRefuseAsync(account.Revoke("more", "g", 10), CreditStatus.ExceedsLimit);
        await account.MustApplyAsync(account.Revoke("rest", "g", 9));
        await account.ExpectAsync(0);
    }

    [Fact]
    public async Task The_id_of_a_spend_is_known_as_long_as_its_entry_and_no_longer()
    {
        var account = await NewAccountAsync(10);
        Clock.Advance(TimeSpan.FromDays(1));
        var spend = account.Spend("s", 3);
        await account.MustApplyAsync(spend);
        await TrimAsync(account);
        await account.MustRefuseAsync(Again(spend), CreditStatus.Replayed);
        await TrimAsync(account, Now + TimeSpan.FromMilliseconds(1));
        await account.MustApplyAsync(Again(spend));
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task An_open_reservation_is_never_forgotten()
    {
        var account = await NewAccountAsync(10);
        var reserve = account.Reserve("k", 6, TimeSpan.FromDays(7));
        var reservation = await account.MustReserveAsync(reserve);
        for (var week = 0; week < 60; week++)
        {
            Clock.Advance(TimeSpan.FromDays(6));
            await account.MustApplyAsync(CreditCommand.Renew(reservation, TimeSpan.FromDays(7)));
        }

        Assert.Equal(2, await TrimAsync(account));
        await account.MustRefuseAsync(Again(reserve), CreditStatus.Replayed);
        await account.MustRefuseAsync(account.Spend("k", 6), CreditStatus.Conflict);
        await account.ExpectAsync(4, reserved: 6);
        await account.MustApplyAsync(CreditCommand.Commit(reservation, 5));
        await account.ExpectAsync(5);
        Assert.Equal(1, await TrimAsync(account, Now + TimeSpan.FromMilliseconds(1)));
        await account.MustRefuseAsync(CreditCommand.Commit(reservation, 5), CreditStatus.NotFound);
    }

    [Fact]
    public async Task A_reservation_goes_with_the_entry_that_ended_it_and_a_newer_one_of_its_id_stays()
    {
        var account = await NewAccountAsync(10);
        var (gone, stays) = (account.Reserve("gone", 1), account.Reserve("stays", 2));
        var ended = await account.MustReserveAsync(gone);
        await account.MustApplyAsync(CreditCommand.Commit(ended));
        await account.MustApplyAsync(CreditCommand.Release(await account.MustReserveAsync(stays)));
        Clock.Advance(Year);
        var newer = await account.MustReserveAsync(Again(stays));
        await account.MustApplyAsync(CreditCommand.Commit(newer));
        await TrimAsync(account);

        await account.MustRefuseAsync(CreditCommand.Commit(ended), CreditStatus.NotFound);
        await account.MustRefuseAsync(Again(stays), CreditStatus.Replayed);
        await account.MustApplyAsync(CreditCommand.Commit(newer));
        await account.MustApplyAsync(Again(gone));
        await account.ExpectAsync(6, reserved: 1);
    }

    [Fact]
    public async Task However_a_reservation_ended_it_goes_with_that_entry()
    {
        var account = await NewAccountAsync(10);
        var committed = await account.MustReserveAsync(account.Reserve("committed", 1));
        var released = await account.MustReserveAsync(account.Reserve("released", 2));
        var lapsed = await account.MustReserveAsync(account.Reserve("lapsed", 3));
        await account.MustApplyAsync(CreditCommand.Commit(committed));
        await account.MustApplyAsync(CreditCommand.Release(released));
        Clock.Advance(Year);
        await account.MustApplyAsync(account.Settle());
        await account.MustRefuseAsync(CreditCommand.Commit(lapsed), CreditStatus.Lapsed);
        await TrimAsync(account, Now + TimeSpan.FromMilliseconds(1));

        foreach (var reservation in new[] { committed, released, lapsed })
        {
            await account.MustRefuseAsync(CreditCommand.Commit(reservation), CreditStatus.NotFound);
            await account.MustRefuseAsync(CreditCommand.Release(reservation), CreditStatus.NotFound);
        }

        await account.ExpectAsync(9);
    }

    [Fact]
    public async Task An_old_grant_can_still_be_spent_returned_to_and_expire()
    {
        var account = NewAccount();
        await account.MustApplyAsync(account.Grant("g", 10, Now + TimeSpan.FromDays(400)));
        var reservation = await account.MustReserveAsync(account.Reserve("k", 10, TimeSpan.FromDays(7)));
        await TrimAsync(account, Now + TimeSpan.FromMilliseconds(1));
        await account.MustApplyAsync(CreditCommand.Release(reservation));
        await account.MustApplyAsync(account.Spend("s", 1));
        Clock.Advance(TimeSpan.FromDays(401));
        await account.MustApplyAsync(account.Settle());
        Assert.Equal("expire:g", (await account.LastEntryAsync()).OperationId);
        await TrimAsync(account);
        await account.ExpectAsync(0);
    }
}
