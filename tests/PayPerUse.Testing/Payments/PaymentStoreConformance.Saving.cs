using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    [Fact]
    public async Task A_new_payment_is_kept_as_it_is_with_version_1()
    {
        var payment = NewPayment();
        var saved = await MustAddAsync(payment);
        Assert.Equal(payment with { Version = 1 }, saved);
        Assert.Equal(saved, await Store.FindAsync(payment.Id, Token));
    }

    [Fact]
    public async Task Every_field_is_kept()
    {
        var payment = NewPayment() with
        {
            Credits = 1_000_000_000,
            Price = new Money(long.MaxValue, "USD"),
            Lifetime = TimeSpan.FromDays(365),
            Mode = PaymentMode.Live,
            Description = new string('d', 140),
            ReturnUrl = "/letters?kind=\u5723&x=1",
            Consent = "2026-11",
            RequestKey = new string('k', 160),
        };
        var added = await MustAddAsync(payment);
        var whole = added with
        {
            Status = PaymentStatus.Paid,
            OpenKey = null,
            ProviderPaymentId = new string('p', 255),
            CheckoutUrl = new Uri("https://pay.example/2/abc?x=%C3%A9&y=a+b#top"),
            ExpiresAt = Now + TimeSpan.FromMilliseconds(1_234_567),
            PaidAt = Now + TimeSpan.FromMilliseconds(1),
            Refunded = new Money(40, "USD"),
            ReversedCredits = 2,
            CheckedAt = Now + TimeSpan.FromMilliseconds(2),
            NextCheckAt = null,
        };
        var saved = await MustUpdateAsync(whole);
        Assert.Equal(whole with { Version = 2 }, saved);
        Assert.Equal(saved, await Store.FindAsync(payment.Id, Token));
    }

    [Fact]
    public async Task The_longest_account_and_names_have_an_open_key_that_fits()
    {
        var account = new PayPerUse.Credits.AccountId(
            Guid.NewGuid().ToString("N").PadRight(128, '\u5723'),
            new string('t', 32)
        );
        var payment = NewPayment(account) with { Pack = new string('p', 40), Provider = new string('v', 32) };
        var openKey = Payment.OpenKeyOf(account, payment.Pack, payment.Provider, PaymentMode.Live);
        await MustAddAsync(payment with { OpenKey = openKey });
        Assert.Equal(payment.Id, (await Store.FindOpenAsync(openKey, Token))?.Id);
    }

    [Fact]
    public async Task An_update_is_refused_when_another_was_first_and_leaves_no_trace()
    {
        var added = await MustAddAsync(NewPayment());
        var winner = await MustUpdateAsync(added with { Status = PaymentStatus.Processing });
        var loser = added with { Status = PaymentStatus.Failed };
        Assert.Null(await Store.TryUpdateAsync(loser, EventOf(loser, PaymentStatus.Pending), Token));
        Assert.Equal(winner, await Store.FindAsync(added.Id, Token));
        Assert.Single(await Store.ReadEventsAsync(added.Id, Token));
    }

    [Fact]
    public async Task An_update_of_a_payment_that_is_not_there_is_refused()
    {
        var payment = NewPayment() with { Version = 1 };
        Assert.Null(await Store.TryUpdateAsync(payment, EventOf(payment), Token));
        Assert.Null(await Store.FindAsync(payment.Id, Token));
        Assert.Empty(await Store.ReadEventsAsync(payment.Id, Token));
    }

    [Fact]
    public async Task Of_updates_that_race_one_wins_and_only_its_event_is_kept()
    {
        var two = await CreateSecondStoreAsync(Store);
        var added = await MustAddAsync(NewPayment());
        var results = await RaceAsync(
            20,
            i =>
                (i % 2 == 0 ? Store : two).TryUpdateAsync(
                    added with
                    {
                        ReversedCredits = i,
                    },
                    EventOf(added, PaymentStatus.Pending, "racer " + i),
                    Token
                )
        );
        var winner = Assert.Single(results, r => r is not null);
        Assert.Equal(winner, await Store.FindAsync(added.Id, Token));
        var events = await Store.ReadEventsAsync(added.Id, Token);
        Assert.Equal(2, events.Length);
        Assert.Equal("racer " + winner!.ReversedCredits, events[1].Detail);
    }

    [Fact]
    public async Task History_is_read_oldest_first_also_within_one_moment()
    {
        var payment = NewPayment();
        var kept = await MustAddAsync(payment);
        var statuses = new[] { PaymentStatus.Processing, PaymentStatus.Paid, PaymentStatus.Refunded };
        foreach (var status in statuses)
        {
            var next = kept with { Status = status };
            kept = await MustUpdateAsync(next, EventOf(next, kept.Status, "\u20ac 1 ↩"));
        }

        await MustUpdateAsync(kept with { CheckedAt = Now });
        var events = await Store.ReadEventsAsync(payment.Id, Token);
        Assert.Equal(EventOf(payment), events[0]);
        Assert.Equal([PaymentStatus.Pending, .. statuses], events.Select(e => e.To));
        Assert.Equal([null, PaymentStatus.Pending, .. statuses[..^1]], events.Select(e => e.From));
        Assert.All(events[1..], e => Assert.Equal("\u20ac 1 ↩", e.Detail));
    }

    [Theory]
    [InlineData(@"nul \u0000 here")]
    [InlineData(@"lone \ud800 surrogate")]
    [InlineData(@"'; DROP TABLE payments; --")]
    public async Task A_detail_of_any_text_can_be_kept(string escaped)
    {
        // A provider's own words can end up in a detail; that a payment must be reviewed has to be written all the same.
        var added = await MustAddAsync(NewPayment());
        var review = added with { Status = PaymentStatus.Review };
        var detail = System.Text.RegularExpressions.Regex.Unescape(escaped);
        await MustUpdateAsync(review, EventOf(review, PaymentStatus.Pending, detail));
        var kept = (await Store.ReadEventsAsync(added.Id, Token))[1];
        Assert.Equal(PaymentStatus.Review, kept.To);
        Assert.Equal(detail[..4], kept.Detail?[..4]);
    }

    [Fact]
    public async Task A_detail_of_any_length_can_be_kept_cut_between_characters()
    {
        var added = await MustAddAsync(NewPayment());
        var review = added with { Status = PaymentStatus.Review };
        foreach (var start in new[] { "", "x" })
        {
            var detail = start + string.Concat(Enumerable.Repeat("\U0001F385", 5000));
            review = await MustUpdateAsync(review, EventOf(review, PaymentStatus.Review, detail));
            var kept = (await Store.ReadEventsAsync(added.Id, Token))[^1].Detail;
            Assert.NotNull(kept);
            Assert.StartsWith(kept, detail, StringComparison.Ordinal);
            Assert.False(char.IsHighSurrogate(kept[^1]));
        }
    }
}
