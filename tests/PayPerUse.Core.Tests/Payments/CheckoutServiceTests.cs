using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Payments;

public sealed class CheckoutServiceTests
{
    [Fact]
    public async Task Everything_that_an_account_can_still_pay_is_called_off_at_the_providers()
    {
        await using var house = new PaymentHouse();
        var paid = await house.OrderedAsync();
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(paid);
        var first = await house.OrderedAsync();
        var second = await house.OrderedAsync("month", "second");
        var other = await house.Checkout.CreateAsync(
            new CheckoutOrder(new AccountId("eve"), "five"),
            PaymentHouse.Token
        );

        var left = await house.Checkout.CancelAllAsync(PaymentHouse.Anna, PaymentHouse.Token);

        Assert.Empty(left);
        Assert.Equal((1, 1), (house.First.Cancels, house.Second.Cancels));
        foreach (var payment in new[] { first, second })
        {
            Assert.Equal(PaymentStatus.Canceled, (await house.Store.FindAsync(payment.Id, PaymentHouse.Token))!.Status);
        }

        Assert.Equal(PaymentStatus.Paid, (await house.Store.FindAsync(paid.Id, PaymentHouse.Token))!.Status);
        Assert.True((await house.Store.FindAsync(other.Payment!.Id, PaymentHouse.Token))!.IsOpen);
    }

    [Fact]
    public async Task What_cannot_be_called_off_is_told_and_its_money_still_counts_once()
    {
        await using var house = new PaymentHouse();
        var paid = await house.OrderedAsync();
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);
        var silent = await house.OrderedAsync("month", "second");
        house.Second.BeforeGet = _ =>
            throw new PaymentProviderException("second", PaymentProviderFailure.Unavailable, "down");

        var left = await house.Checkout.CancelAllAsync(PaymentHouse.Anna, PaymentHouse.Token);

        Assert.Equal(
            [(paid.Id, PaymentStatus.Paid), (silent.Id, PaymentStatus.Pending)],
            left.Select(p => (p.Id, p.Status)).OrderByDescending(p => p.Status)
        );
        house.Second.BeforeGet = null;
        house.Second.Set(silent.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        Assert.Equal(35, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_order_freezes_its_terms_and_links_to_the_provider()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync("month");

        Assert.Equal(PaymentStatus.Pending, payment.Status);
        Assert.Equal(30, payment.Credits);
        Assert.Equal(Money.Euro(5m), payment.Price);
        Assert.Equal(TimeSpan.FromDays(30), payment.Lifetime);
        Assert.Equal("first", payment.Provider);
        Assert.Equal(32, payment.Id.Length);
        Assert.NotNull(payment.CheckoutUrl);
        Assert.NotNull(payment.ProviderPaymentId);
        Assert.Equal(payment, await house.Store.FindAsync(payment.Id, PaymentHouse.Token));
    }

    [Theory]
    [InlineData("fr", "5 crédits")]
    [InlineData("fr-BE", "5 crédits")]
    [InlineData("en", "5 credits")]
    public async Task An_order_keeps_the_pack_s_name_in_its_own_language(string language, string name)
    {
        await using var house = new PaymentHouse(build: b =>
            b.AddPack(
                new CreditPack("named", 5, Money.Euro(1.00m), name: "5 credits")
                {
                    Names = new Dictionary<string, string> { ["fr"] = "5 crédits" },
                }
            )
        );
        var order = new CheckoutOrder(PaymentHouse.Anna, "named") { Language = language };
        var result = await house.Checkout.CreateAsync(order, PaymentHouse.Token);
        Assert.Equal(name, result.Payment!.Description);
    }

    [Fact]
    public async Task A_long_name_is_cut_between_characters()
    {
        await using var house = new PaymentHouse(build: b =>
            b.AddPack(new CreditPack("long", 5, Money.Euro(1.00m), name: new string('x', 139) + "🎁🎁"))
        );
        var result = await house.OrderAsync("long");
        Assert.Equal(new string('x', 139), result.Payment!.Description);
    }

    [Fact]
    public async Task An_open_payment_is_returned_again()
    {
        await using var house = new PaymentHouse();
        var first = await house.OrderedAsync();
        var again = await house.OrderAsync();

        Assert.Equal(CheckoutStatus.Open, again.Status);
        Assert.Equal(first.Id, again.Payment!.Id);
        Assert.Equal(1, house.First.Starts);
    }

    [Fact]
    public async Task Requests_that_race_share_one_payment_on_two_hosts()
    {
        await using var house = new PaymentHouse();
        await using var other = new PaymentHouse(sharing: house);
        house.First.AfterStart = async (_, token) => await Task.Delay(20, token);

        var orders = Enumerable.Range(0, 20).Select(i => Task.Run(() => (i % 2 == 0 ? house : other).OrderAsync()));
        var results = await house.WithClockMovingAsync(Task.WhenAll(orders));

        Assert.Single(results, r => r.Status == CheckoutStatus.Created);
        Assert.Equal(19, results.Count(r => r.Status == CheckoutStatus.Open));
        Assert.Single(results.Select(r => r.Payment!.Id).Distinct());
        Assert.All(results, r => Assert.NotNull(r.Payment!.CheckoutUrl));
        Assert.Equal(1, house.First.Starts);
    }

    [Fact]
    public async Task A_payment_that_can_be_paid_for_less_than_a_minute_is_replaced()
    {
        await using var house = new PaymentHouse();
        var first = await house.OrderedAsync();
        house.Clock.SetUtcNow(first.ExpiresAt - TimeSpan.FromSeconds(59));
        var second = await house.OrderedAsync();

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(1, house.First.Cancels);
    }

    [Fact]
    public async Task A_payment_that_can_be_paid_for_a_minute_is_returned_again()
    {
        await using var house = new PaymentHouse();
        var first = await house.OrderedAsync();
        house.Clock.SetUtcNow(first.ExpiresAt - TimeSpan.FromSeconds(60));

        Assert.Equal(first.Id, (await house.OrderAsync()).Payment!.Id);
    }

    [Fact]
    public async Task Different_packs_are_different_payments()
    {
        await using var house = new PaymentHouse();
        Assert.NotEqual((await house.OrderedAsync("five")).Id, (await house.OrderedAsync("month")).Id);
    }

    [Theory]
    [InlineData(PaymentProviderFailure.Unavailable)]
    [InlineData(PaymentProviderFailure.Rejected)]
    public async Task A_start_that_certainly_failed_leaves_nothing_open(PaymentProviderFailure failure)
    {
        await using var house = new PaymentHouse();
        house.First.BeforeStart = (_, _) => throw new PaymentProviderException("first", failure, "down");
        Assert.Equal(CheckoutStatus.ProviderUnavailable, (await house.OrderAsync()).Status);

        house.First.BeforeStart = null;
        var payment = await house.OrderedAsync();
        var all = await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token);
        Assert.Equal(2, all.Length);
        var failed = Assert.Single(all, p => p.Id != payment.Id);
        Assert.Equal(PaymentStatus.Failed, failed.Status);
        Assert.Null(failed.NextCheckAt);
    }

    [Fact]
    public async Task A_start_with_an_unknown_outcome_is_found_by_reference_and_adopted()
    {
        await using var house = new PaymentHouse();
        house.First.AfterStart = (_, _) =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unknown, "timed out");
        Assert.Equal(CheckoutStatus.ProviderUnavailable, (await house.OrderAsync()).Status);

        house.First.AfterStart = null;
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        var again = await house.OrderAsync();

        Assert.Equal(CheckoutStatus.Open, again.Status);
        Assert.NotNull(again.Payment!.CheckoutUrl);
        Assert.Equal(1, house.First.Starts);
        Assert.Single(await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token));
    }

    [Fact]
    public async Task A_start_that_never_reached_the_provider_is_replaced_and_still_swept()
    {
        await using var house = new PaymentHouse();
        house.First.BeforeStart = (_, _) =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unknown, "timed out");
        await house.OrderAsync();

        house.First.BeforeStart = null;
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        var second = await house.OrderedAsync();

        var lost = Assert.Single(
            await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token),
            p => p.Id != second.Id
        );
        Assert.Equal(PaymentStatus.Pending, lost.Status);
        Assert.Null(lost.OpenKey);
        Assert.NotNull(lost.NextCheckAt);
        house.Clock.SetUtcNow(lost.ExpiresAt + TimeSpan.FromMinutes(2));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        Assert.Equal(PaymentStatus.Expired, (await house.Store.FindAsync(lost.Id, PaymentHouse.Token))!.Status);
    }

    [Fact]
    public async Task A_start_that_may_be_repeated_is_repeated_for_the_same_order()
    {
        await using var house = new PaymentHouse();
        house.First.CanRepeatStart = true;
        house.First.AfterStart = (_, _) =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unknown, "timed out");
        await house.OrderAsync();

        house.First.AfterStart = null;
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(CheckoutStatus.Open, (await house.OrderAsync()).Status);
        Assert.Equal(2, house.First.Starts);
        Assert.Single(await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token));
    }

    [Theory]
    [InlineData(PaymentProviderFailure.Unavailable)]
    [InlineData(PaymentProviderFailure.Rejected)]
    public async Task A_repeated_start_that_fails_says_nothing_about_the_first_one(PaymentProviderFailure failure)
    {
        await using var house = new PaymentHouse();
        house.First.CanRepeatStart = true;
        house.First.AfterStart = (_, _) =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unknown, "timed out");
        await house.OrderAsync();
        var payment = Assert.Single(await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token));

        house.First.AfterStart = null;
        house.First.BeforeStart = (_, _) => throw new PaymentProviderException("first", failure, "no");
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        await house.OrderAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);

        Assert.Equal(PaymentStatus.Paid, (await house.Store.FindAsync(payment.Id, PaymentHouse.Token))!.Status);
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_given_up_within_the_answer_time()
    {
        await using var house = new PaymentHouse();
        house.First.BeforeStart = (_, _) => Task.Delay(Timeout.Infinite, PaymentHouse.Token);
        var before = house.Clock.GetUtcNow();
        var result = await house.WithClockMovingAsync(house.OrderAsync());

        Assert.Equal(CheckoutStatus.ProviderUnavailable, result.Status);
        Assert.True(house.Clock.GetUtcNow() - before <= CheckoutService.AnswerTime);
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_stop_a_checkout_that_was_sent()
    {
        await using var house = new PaymentHouse();
        using var client = new CancellationTokenSource();
        house.First.AfterStart = async (_, _) => await client.CancelAsync();
        await house.Checkout.CreateAsync(new CheckoutOrder(PaymentHouse.Anna, "five"), client.Token);

        var kept = Assert.Single(await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token));
        Assert.NotNull(kept.ProviderPaymentId);
    }

    [Fact]
    public async Task Choosing_another_provider_calls_off_the_first_one()
    {
        await using var house = new PaymentHouse();
        var first = await house.OrderedAsync(provider: "first");
        var second = await house.OrderedAsync(provider: "second");

        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(PaymentStatus.Canceled, (await house.Store.FindAsync(first.Id, PaymentHouse.Token))!.Status);
    }

    [Fact]
    public async Task Choosing_another_provider_after_paying_returns_the_paid_payment()
    {
        await using var house = new PaymentHouse();
        var first = await house.OrderedAsync(provider: "first");
        house.First.Set(first.Id, ProviderPaymentStatus.Paid);
        var result = await house.OrderAsync(provider: "second");

        Assert.Equal(first.Id, result.Payment!.Id);
        Assert.Equal(PaymentStatus.Paid, result.Payment.Status);
        Assert.Equal(5, await house.BalanceAsync());
        Assert.Equal(0, house.Second.Starts);
    }

    [Fact]
    public async Task Choosing_another_provider_works_while_the_first_one_is_down()
    {
        await using var house = new PaymentHouse();
        await house.OrderedAsync(provider: "first");
        house.First.BeforeGet = _ =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unavailable, "down");
        Assert.Equal(CheckoutStatus.Created, (await house.OrderAsync(provider: "second")).Status);
    }

    [Fact]
    public async Task The_same_request_key_answers_the_same_payment_even_when_it_has_ended()
    {
        await using var house = new PaymentHouse();
        var first = (await house.OrderAsync(key: "k1")).Payment!;
        house.First.Set(first.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(first);
        var again = await house.OrderAsync(key: "k1");

        Assert.Equal(CheckoutStatus.Open, again.Status);
        Assert.Equal(first.Id, again.Payment!.Id);
        Assert.Equal(CheckoutStatus.KeyReused, (await house.OrderAsync("month", key: "k1")).Status);
        Assert.Equal(CheckoutStatus.Created, (await house.OrderAsync(key: "k2")).Status);
    }

    [Fact]
    public async Task What_is_unknown_or_not_allowed_is_named()
    {
        await using var house = new PaymentHouse(o => o.RequiredConsent = "v2");
        var order = new CheckoutOrder(PaymentHouse.Anna, "five") { Consent = "v2" };

        Assert.Equal(CheckoutStatus.UnknownPack, await StatusOf(order with { Pack = "nine" }));
        Assert.Equal(CheckoutStatus.UnknownProvider, await StatusOf(order with { Provider = "nobody" }));
        Assert.Equal(
            CheckoutStatus.InvalidReturnUrl,
            await StatusOf(order with { ReturnUrl = "https://evil.example" })
        );
        Assert.Equal(CheckoutStatus.ConsentRequired, await StatusOf(order with { Consent = "v1" }));
        Assert.Equal(CheckoutStatus.ConsentRequired, await StatusOf(order with { Consent = null }));
        Assert.Equal(0, house.First.Starts);
        Assert.Equal(CheckoutStatus.Created, await StatusOf(order));

        async Task<CheckoutStatus> StatusOf(CheckoutOrder o) =>
            (await house.Checkout.CreateAsync(o, PaymentHouse.Token)).Status;
    }

    [Fact]
    public async Task A_checkout_of_another_amount_is_never_shown_to_the_customer()
    {
        await using var house = new PaymentHouse();
        house.First.Distort = p => p with { Amount = Money.Euro(10m) };
        var result = await house.OrderAsync();

        Assert.Equal(CheckoutStatus.ProviderUnavailable, result.Status);
        var kept = Assert.Single(await house.Store.ListAsync(PaymentHouse.Anna, 10, PaymentHouse.Token));
        Assert.Equal(PaymentStatus.Review, kept.Status);
    }

    [Fact]
    public async Task Canceling_an_open_payment_ends_it_at_the_provider()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        var result = await house.Checkout.CancelAsync(payment.Id, PaymentHouse.Token);

        Assert.True(result.IsCanceled);
        Assert.Equal(1, house.First.Cancels);
        Assert.False((await house.Checkout.CancelAsync(payment.Id, PaymentHouse.Token)).IsCanceled);
    }

    [Fact]
    public async Task Canceling_a_payment_that_was_just_paid_grants_it()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        var result = await house.Checkout.CancelAsync(payment.Id, PaymentHouse.Token);

        Assert.False(result.IsCanceled);
        Assert.Equal(PaymentStatus.Paid, result.Payment!.Status);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/letters?id=1#top", true)]
    [InlineData("https://app.example/back", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    [InlineData("letters", false)]
    [InlineData("", false)]
    [InlineData("https://app.example.evil.example/", false)]
    [InlineData("https://app.example@evil.example/", false)]
    [InlineData("http://app.example/", false)]
    [InlineData("javascript:alert(1)", false)]
    public void A_return_address_never_leads_away_from_the_app(string url, bool isAllowed) =>
        Assert.Equal(isAllowed, ReturnUrl.IsAllowed(url, ["https://app.example"]));

    [Fact]
    public async Task A_pack_that_a_provider_refuses_stops_the_host_at_start()
    {
        await using var house = new PaymentHouse(o => o.Packs.Add(new CreditPack("tiny", 1, Money.Euro(0.05m))));
        var error = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => house.Worker);
        Assert.Contains("pack 'tiny' cannot be sold with first", error.Message, StringComparison.Ordinal);
    }
}
