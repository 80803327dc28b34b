using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Notices;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Notices;

public sealed class PaymentNoticeTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task The_app_hears_of_paid_refunded_and_review_once_each()
    {
        var told = new Told();
        await using var house = House(told);
        var payment = await PaidAsync(house);
        await DeliverAsync(house);
        house.First.Refund(payment.Id, 40);
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        await house.SettleAsync(payment);
        await DeliverAsync(house);
        house.First.Distort = p => p with { Mode = PaymentMode.Live };
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        await house.SettleAsync(payment);
        await DeliverAsync(house);
        await DeliverAsync(house);

        Assert.Equal(["paid", "refunded", "review"], told.Lines);
        Assert.Equal(3, told.Ids.Distinct().Count());
    }

    [Fact]
    public async Task A_handler_that_fails_hears_it_again_under_the_same_id()
    {
        var told = new Told { Failures = 2 };
        await using var house = House(told);
        await PaidAsync(house);
        for (var i = 0; i < 4; i++)
        {
            await DeliverAsync(house);
            house.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(["paid"], told.Lines);
        Assert.Equal(3, told.Ids.Count);
        Assert.Single(told.Ids.Distinct());
    }

    [Fact]
    public async Task A_notice_that_a_dying_host_had_claimed_is_given_by_the_next()
    {
        var told = new Told();
        await using var house = House(told);
        await PaidAsync(house);
        var outbox = house.Services.GetRequiredService<IPaymentOutbox>();
        var notice = Assert.Single(await outbox.FindDueNoticesAsync(house.Clock.GetUtcNow(), 10, Token));
        await outbox.TryMoveNoticeAsync(notice, notice.DueAt + TimeSpan.FromMinutes(1), Token);
        await DeliverAsync(house);
        Assert.Empty(told.Lines);

        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await DeliverAsync(house);
        Assert.Equal(["paid"], told.Lines);
    }

    [Theory]
    [InlineData("nl", "nl")]
    [InlineData("fr-BE", "fr-BE")]
    [InlineData("no tag", "")]
    public async Task A_notice_is_given_in_the_language_of_the_order(string language, string culture)
    {
        var told = new Told();
        await using var house = House(told);
        var here = CultureInfo.CurrentUICulture;
        await PaidAsync(house, language);

        await DeliverAsync(house);

        Assert.Equal([culture], told.Cultures);
        Assert.Equal(here, CultureInfo.CurrentUICulture);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_kept()
    {
        await using var house = new PaymentHouse();
        await PaidAsync(house);
        var outbox = house.Services.GetRequiredService<IPaymentOutbox>();
        Assert.Empty(await outbox.FindDueNoticesAsync(DateTimeOffset.MaxValue, 10, Token));
    }

    private static PaymentHouse House(Told told) =>
        new(build: b =>
        {
            b.Services.AddSingleton(told);
            b.AddCreditEvents<Handler>();
        });

    private static Task<int> DeliverAsync(PaymentHouse house) =>
        house.Services.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token);

    private static async Task<Payment> PaidAsync(PaymentHouse house, string language = "en")
    {
        var order = new CheckoutOrder(PaymentHouse.Anna, "five") { Language = language };
        var payment = (await house.Checkout.CreateAsync(order, Token)).Payment!;
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        return (await house.SettleAsync(payment))!;
    }

    private sealed class Told
    {
        public int Failures { get; set; }

        public List<string> Lines { get; } = [];

        public List<string> Ids { get; } = [];

        public List<string> Cultures { get; } = [];
    }

    private sealed class Handler(Told told) : ICreditEvents
    {
        public Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken) => Hear("paid", notice);

        public Task RefundedAsync(PaymentNotice notice, CancellationToken cancellationToken) =>
            Hear("refunded", notice);

        public Task ReviewAsync(PaymentNotice notice, CancellationToken cancellationToken) => Hear("review", notice);

        private Task Hear(string line, PaymentNotice notice)
        {
            told.Ids.Add(notice.EventId);
            told.Cultures.Add(CultureInfo.CurrentUICulture.Name);
            if (told.Failures-- > 0)
            {
                throw new InvalidOperationException("The mail server is down.");
            }

            told.Lines.Add(line);
            return Task.CompletedTask;
        }
    }
}
