using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    [Fact]
    public async Task A_notice_waits_with_its_event_until_one_host_has_given_it()
    {
        var one = OutboxOf(Store);
        var two = OutboxOf(await CreateSecondStoreAsync(Store));
        var added = await MustAddAsync(NewPayment());
        var paid = added with { Status = PaymentStatus.Paid };
        var at = Now + TimeSpan.FromDays(1);
        await MustUpdateAsync(
            paid,
            EventOf(paid, PaymentStatus.Pending) with
            {
                At = at,
                Notice = PaymentNoticeKind.Paid,
            }
        );
        async Task<PayPerUse.Notices.PendingNotice[]> DueAsync(DateTimeOffset now) =>
            [.. (await two.FindDueNoticesAsync(now, 10_000, Token)).Where(n => n.Event.PaymentId == added.Id)];

        Assert.Empty(await DueAsync(at - TimeSpan.FromMilliseconds(1)));
        var notice = Assert.Single(await DueAsync(at));
        Assert.Equal((PaymentNoticeKind.Paid, PaymentStatus.Paid), (notice.Event.Notice, notice.Event.To));

        var later = at + TimeSpan.FromMinutes(1);
        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => Task.Run(() => (i % 2 == 0 ? one : two).TryMoveNoticeAsync(notice, later, Token)))
        );
        Assert.Single(claims, won => won);
        Assert.Empty(await DueAsync(at));

        // Its host died: it comes back.
        var again = Assert.Single(await DueAsync(later));
        Assert.Equal((notice.Id, later), (again.Id, again.DueAt));
        Assert.True(await one.TryMoveNoticeAsync(again, null, Token));
        Assert.False(await one.TryMoveNoticeAsync(again, null, Token));
        Assert.Empty(await DueAsync(later + TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task A_notice_is_not_kept_of_a_save_that_lost_its_race()
    {
        var added = await MustAddAsync(NewPayment());
        await MustUpdateAsync(added with { CheckedAt = Now });
        var late = EventOf(added) with { Notice = PaymentNoticeKind.Review };
        Assert.Null(await Store.TryUpdateAsync(added, late, Token));
        Assert.DoesNotContain(
            await OutboxOf(Store).FindDueNoticesAsync(Now, 10_000, Token),
            n => n.Event.PaymentId == added.Id
        );
    }
}
