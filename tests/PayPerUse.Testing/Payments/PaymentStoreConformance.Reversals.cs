using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    [Fact]
    public async Task Money_that_went_back_is_kept_to_the_last_word()
    {
        var added = await MustAddAsync(NewPayment());
        var refund = new PaymentRefund
        {
            Id = PaymentRefunds.IdOf(added, 1),
            Source = PaymentRefundSource.Asked,
            Amount = Money.Euro(0.40m),
            Status = PaymentRefundStatus.Requested,
            At = Now,
            RequestKey = "a key with \"quotes\" and \u20ac",
            By = "sint@example.com",
        };
        var told = refund with
        {
            Id = PaymentRefunds.IdOf(added, 2),
            Source = PaymentRefundSource.Told,
            Status = PaymentRefundStatus.Succeeded,
            ProviderRefundId = "re_1",
            RequestKey = null,
            By = null,
        };
        foreach (var kind in Enum.GetValues<PaymentReversalKind>())
        {
            var saved = await MustUpdateAsync(
                added with
                {
                    Status = PaymentStatus.Paid,
                    GrantedAt = Now,
                    ChargeId = "pi_1",
                    Refunded = Money.Euro(0.40m),
                    Disputed = Money.Euro(0.20m),
                    ReversedCredits = 1,
                    Reversals = 2,
                    Reversal = new PaymentReversal(2, kind, 3),
                    Refunds = PaymentRefunds.None.With(refund).With(told),
                    IsAccepted = true,
                }
            );
            Assert.Equal(saved, await Store.FindAsync(added.Id, Token));
            added = saved;
        }

        var done = await MustUpdateAsync(added with { Reversal = null, Refunds = PaymentRefunds.None });
        Assert.Equal(done, await Store.FindAsync(added.Id, Token));
    }

    [Fact]
    public async Task A_payment_is_found_by_the_provider_s_id_of_the_money()
    {
        var charge = "pi_" + Guid.NewGuid().ToString("N");
        var added = await MustAddAsync(NewPayment());
        Assert.Null(await Store.FindByChargeAsync("payconiq", charge, Token));

        var saved = await MustUpdateAsync(added with { ChargeId = charge });
        Assert.Equal(saved, await Store.FindByChargeAsync("payconiq", charge, Token));
        Assert.Null(await Store.FindByChargeAsync("stripe", charge, Token));
        Assert.Null(await Store.FindByChargeAsync("payconiq", charge.ToUpperInvariant(), Token));
    }

    [Fact]
    public async Task Who_did_it_is_kept_with_the_history()
    {
        var added = await MustAddAsync(NewPayment());
        await MustUpdateAsync(added, EventOf(added, added.Status, "looked") with { By = "anna" });
        Assert.Equal([null, "anna"], (await Store.ReadEventsAsync(added.Id, Token)).Select(e => e.By));
    }

    [Fact]
    public async Task Of_hosts_that_race_to_move_a_cursor_one_does()
    {
        var feed = "test/" + Guid.NewGuid().ToString("N");
        var one = CursorsOf(Store);
        var two = CursorsOf(await CreateSecondStoreAsync(Store));
        Assert.Null(await one.ReadCursorAsync(feed, Token));
        string? from = null;
        for (var round = 1; round <= 3; round++)
        {
            var moves = await Task.WhenAll(
                Enumerable
                    .Range(0, 10)
                    .Select(i =>
                        Task.Run(() => (i % 2 == 0 ? one : two).TryMoveCursorAsync(feed, from, $"{round}-{i}", Token))
                    )
            );
            Assert.Single(moves, moved => moved);
            from = await one.ReadCursorAsync(feed, Token);
            Assert.Equal($"{round}-{Array.IndexOf(moves, true)}", from);
        }

        Assert.False(await two.TryMoveCursorAsync(feed, null, "back", Token));
        Assert.Equal(from, await two.ReadCursorAsync(feed, Token));
    }

    [Fact]
    public async Task Payments_of_all_accounts_are_listed_by_status_newest_first()
    {
        var later = Now + TimeSpan.FromDays(365);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var added = await MustAddAsync(NewPayment() with { CreatedAt = later + TimeSpan.FromSeconds(i) });
            await MustUpdateAsync(added with { Status = i == 1 ? PaymentStatus.Paid : PaymentStatus.Review });
            ids.Add(added.Id);
        }

        var all = await Store.ListAsync((PaymentStatus?)null, 10_000, Token);
        Assert.Equal([ids[2], ids[1], ids[0]], all.Select(p => p.Id).Where(ids.Contains));
        var reviews = await Store.ListAsync(PaymentStatus.Review, 10_000, Token);
        Assert.Equal([ids[2], ids[0]], reviews.Select(p => p.Id).Where(ids.Contains));
        Assert.All(reviews, p => Assert.Equal(PaymentStatus.Review, p.Status));
        Assert.Single(await Store.ListAsync((PaymentStatus?)null, 1, Token));
    }
}
