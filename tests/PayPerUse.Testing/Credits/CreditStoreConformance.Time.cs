using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    private static readonly CreditPolicy ThreeAMinute = new()
    {
        RateLimit = new CreditRateLimit(3, TimeSpan.FromMinutes(1)),
    };

    [Fact]
    public async Task Credits_burn_by_expiry_then_age_then_id()
    {
        var account = NewAccount();
        await account.ApplyAllAsync(
            account.Grant("b", 1),
            account.Grant("a", 1),
            account.Grant("late", 1, Now + TimeSpan.FromDays(2)),
            account.Grant("soon", 1, Now + TimeSpan.FromDays(1))
        );
        Clock.Advance(TimeSpan.FromMinutes(1));
        await account.MustApplyAsync(account.Grant("0", 1));
        await account.MustApplyAsync(account.Spend("all", 5));
        Assert.Equal(["soon", "late", "a", "b", "0"], (await account.LastEntryAsync()).Grants.Select(g => g.GrantId));
    }

    [Fact]
    public async Task A_grant_expires_at_its_moment_for_readers_and_commands()
    {
        var account = await NewAccountAsync(1);
        var expiry = Now + TimeSpan.FromHours(1);
        await account.MustApplyAsync(account.Grant("h", 4, expiry));
        Assert.Equal(expiry, (await account.ReadAsync()).NextExpiry);
        await account.MustApplyAsync(account.Spend("s", 1));

        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await account.ExpectAsync(4);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await account.ExpectAsync(1);
        Assert.Null((await account.ReadAsync()).NextExpiry);

        Assert.Equal(CreditStatus.InsufficientCredits, (await account.ApplyAsync(account.Spend("t", 2))).Status);
        var entry = await account.LastEntryAsync();
        Assert.Equal(
            ("expire:h", CreditEntryKind.Expire, -3L, expiry),
            (entry.OperationId, entry.Kind, entry.Credits, entry.At)
        );
        Assert.Equal([new GrantChange("h", -3)], entry.Grants);
    }

    [Fact]
    public async Task A_read_tells_when_time_alone_next_changes_the_balance()
    {
        var account = await NewAccountAsync(5);
        var start = Now;
        Assert.Null((await account.ReadAsync()).NextDue);
        await account.MustReserveAsync(account.Reserve("k", 1, TimeSpan.FromMinutes(20)));
        await account.MustReserveAsync(account.Reserve("l", 1, TimeSpan.FromMinutes(10)));
        await account.MustApplyAsync(account.Grant("h", 1, start + TimeSpan.FromMinutes(15)));
        foreach (var (minutes, balance, reserved) in new[] { (10, 4L, 2L), (15, 5L, 1L), (20, 4L, 1L) })
        {
            var read = await account.ReadAsync();
            Assert.Equal(
                (start + TimeSpan.FromMinutes(minutes), balance, reserved),
                (read.NextDue, read.Balance, read.Reserved)
            );
            Clock.Advance(start + TimeSpan.FromMinutes(minutes) - Now);
        }

        Assert.Null((await account.ReadAsync()).NextDue);
        await account.ExpectAsync(5);
    }

    [Fact]
    public async Task What_is_due_is_performed_in_time_order_at_its_own_time()
    {
        var account = await NewAccountAsync(1);
        var start = Now;
        await account.MustApplyAsync(account.Grant("h", 1, start + TimeSpan.FromMinutes(30)));
        await account.MustApplyAsync(account.Grant("i", 1, start + TimeSpan.FromMinutes(10)));
        await account.MustReserveAsync(account.Reserve("k", 1, TimeSpan.FromMinutes(20)));
        Clock.Advance(TimeSpan.FromDays(30));
        await account.MustApplyAsync(account.Settle());
        Assert.Equal(
            [
                ("lapse:k", start + TimeSpan.FromMinutes(20)),
                ("expire:h", start + TimeSpan.FromMinutes(30)),
                ("expire:i", start + TimeSpan.FromMinutes(10) + TimeSpan.FromDays(7)),
            ],
            (await account.ReadLogAsync())[^3..].Select(e => (e.OperationId, e.At))
        );
        await account.ExpectAsync(1);
    }

    [Fact]
    public async Task Credits_that_return_to_an_expired_grant_stay_usable_for_a_while_once()
    {
        var account = NewAccount();
        var expiry = Now + TimeSpan.FromMinutes(5);
        await account.MustApplyAsync(account.Grant("g", 3, expiry));
        var first = await account.MustReserveAsync(account.Reserve("k", 1));
        var second = await account.MustReserveAsync(account.Reserve("l", 1, TimeSpan.FromDays(7)));
        Clock.Advance(TimeSpan.FromMinutes(6));
        await account.MustApplyAsync(CreditCommand.Release(first));
        var read = await account.ReadAsync();
        Assert.Equal((1, 1, expiry + TimeSpan.FromDays(7)), (read.Balance, read.Reserved, read.NextExpiry));

        await account.MustApplyAsync(CreditCommand.Renew(second, TimeSpan.FromDays(7)));
        Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1));
        await account.ExpectAsync(0, reserved: 1);
        await account.MustApplyAsync(CreditCommand.Release(second));
        await account.ExpectAsync(0);
        Assert.Equal(3, (await account.ReadLogAsync()).Count(e => e.OperationId == "expire:g"));
    }

    [Fact]
    public async Task Time_never_runs_backwards_on_an_account()
    {
        var account = await NewAccountAsync(5);
        await account.MustApplyAsync(account.Grant("h", 5, Now + TimeSpan.FromMinutes(10)));
        Clock.Advance(TimeSpan.FromMinutes(10));
        var last = (await account.MustApplyAsync(account.Spend("s", 1))).At;
        await account.ExpectAsync(4);

        Clock.AdjustTime(Now - TimeSpan.FromMinutes(20));
        await account.ExpectAsync(4);
        Assert.Equal(last, (await account.MustApplyAsync(account.Spend("t", 1))).At);
        var reserved = await account.MustApplyAsync(account.Reserve("k", 1));
        Assert.Equal(last + TimeSpan.FromMinutes(10), reserved.Reservation!.Deadline);
        await account.ExpectAsync(2, reserved: 1);
    }

    [Fact]
    public async Task Instants_are_milliseconds_and_travel_unchanged()
    {
        var account = NewAccount();
        Clock.Advance(TimeSpan.FromTicks(12_345_678));
        var expiry = Now + TimeSpan.FromTicks(98_765_432_109);
        await account.MustApplyAsync(account.Grant("g", 5, expiry.ToOffset(TimeSpan.FromHours(5))));
        Assert.Equal(CreditTime.Floor(Now), (await account.LastEntryAsync()).At);
        Assert.Equal(CreditTime.Floor(expiry), (await account.ReadAsync()).NextExpiry);
    }

    [Fact]
    public async Task A_full_rate_window_refuses_until_it_ends()
    {
        var account = await NewAccountAsync(100, ThreeAMinute);
        await account.MustApplyAsync(account.Spend("a", 1));
        Clock.Advance(TimeSpan.FromSeconds(20));
        await account.MustApplyAsync(account.Spend("b", 1));
        var reservation = await account.MustReserveAsync(account.Reserve("c", 1));
        await account.MustApplyAsync(CreditCommand.Release(reservation));

        var refused = await account.MustRefuseAsync(account.Spend("d", 1), CreditStatus.RateLimited);
        Assert.Equal(Now + TimeSpan.FromSeconds(40), refused.RetryAt);
        await account.MustRefuseAsync(account.Reserve("e", 1), CreditStatus.RateLimited);
        await account.MustRefuseAsync(account.Spend("f", 1000), CreditStatus.RateLimited);
        Assert.Equal(CreditStatus.Replayed, (await account.ApplyAsync(account.Spend("a", 1))).Status);
        await account.MustApplyAsync(account.Grant("h", 1));

        Clock.Advance(TimeSpan.FromSeconds(40));
        await account.MustApplyAsync(account.Spend("d", 1));
    }

    [Fact]
    public async Task Refusals_do_not_count_in_the_rate_window()
    {
        var account = await NewAccountAsync(3, ThreeAMinute);
        for (var i = 0; i < 5; i++)
        {
            await account.MustRefuseAsync(account.Spend("big" + i, 9), CreditStatus.InsufficientCredits);
        }

        for (var i = 0; i < 3; i++)
        {
            await account.MustApplyAsync(account.Spend("s" + i, 1));
        }
    }
}
