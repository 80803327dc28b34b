using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Payments;

public sealed class PaymentSettlerTests
{
    [Fact]
    public async Task A_paid_payment_grants_its_credits_once_however_often_it_is_settled()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        foreach (var trigger in Enum.GetValues<PaymentTrigger>())
        {
            await house.SettleAsync(payment, trigger);
        }

        Assert.Equal(5, await house.BalanceAsync());
        var entry = Assert.Single(
            await house.Ledger.ReadHistoryAsync(PaymentHouse.Anna, cancellationToken: PaymentHouse.Token)
        );
        Assert.Equal("payment:" + payment.Id, entry.OperationId);
    }

    [Fact]
    public async Task Two_hosts_settling_at_once_grant_once()
    {
        await using var house = new PaymentHouse();
        await using var other = new PaymentHouse(sharing: house);
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.BeforeGet = _ => Task.Delay(5);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? house : other).SettleAsync(payment)));

        Assert.Equal(5, await house.BalanceAsync());
        Assert.Equal(PaymentStatus.Paid, (await house.Store.FindAsync(payment.Id, PaymentHouse.Token))!.Status);
    }

    [Fact]
    public async Task A_flood_of_duplicates_asks_the_provider_a_bounded_number_of_times()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.BeforeGet = _ => Task.Delay(50);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => house.SettleAsync(payment)));

        Assert.InRange(house.First.Gets, 1, 3);
    }

    [Fact]
    public async Task A_settlement_that_is_asked_for_while_one_runs_sees_what_happened_since()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        house.First.BeforeGet = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        house.First.Distort = p => house.First.Gets == 1 ? p with { Status = ProviderPaymentStatus.Pending } : p;
        var before = house.SettleAsync(payment);
        await asked.Task;
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        var after = house.SettleAsync(payment);
        answer.SetResult();

        Assert.Equal(PaymentStatus.Pending, (await before)!.Status);
        Assert.Equal(PaymentStatus.Paid, (await after)!.Status);
    }

    [Fact]
    public async Task A_message_that_joins_a_waiting_poll_is_looked_into_all_the_same()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.Clock.Advance(PaymentSettler.PollInterval);
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        house.First.BeforeGet = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        house.First.Distort = p => house.First.Gets == 1 ? p with { Status = ProviderPaymentStatus.Pending } : p;
        var poll = house.SettleAsync(payment, PaymentTrigger.Poll);
        await asked.Task;
        var waiting = house.SettleAsync(payment, PaymentTrigger.Poll);
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        var message = house.SettleAsync(payment);
        answer.SetResult();

        Assert.Equal(PaymentStatus.Pending, (await poll)!.Status);
        await waiting;
        Assert.Equal(PaymentStatus.Paid, (await message)!.Status);
    }

    [Fact]
    public async Task Polls_ask_the_provider_at_most_every_three_seconds()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.Clock.Advance(PaymentSettler.PollInterval);
        await house.SettleAsync(payment, PaymentTrigger.Poll);
        var gets = house.First.Gets;
        await house.SettleAsync(payment, PaymentTrigger.Poll);
        house.Clock.Advance(PaymentSettler.PollInterval - TimeSpan.FromMilliseconds(1));
        await house.SettleAsync(payment, PaymentTrigger.Poll);
        Assert.Equal(gets, house.First.Gets);

        house.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await house.SettleAsync(payment, PaymentTrigger.Poll);
        Assert.Equal(gets + 1, house.First.Gets);
    }

    [Fact]
    public async Task Money_that_arrives_after_we_said_expired_is_still_granted_once()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Expired);
        Assert.Equal(PaymentStatus.Expired, (await house.SettleAsync(payment))!.Status);

        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.SetUtcNow(payment.ExpiresAt + TimeSpan.FromHours(25));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_expired_payment_is_looked_at_a_few_more_times_and_then_left_alone()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Expired);
        var looks = 0;
        for (var day = 0; day < 4 * 24 * 60; day++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            looks += await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        }

        Assert.InRange(looks, 2, 40);
        Assert.Null((await house.Store.FindAsync(payment.Id, PaymentHouse.Token))!.NextCheckAt);
    }

    [Theory]
    [InlineData("amount")]
    [InlineData("currency")]
    [InlineData("reference")]
    [InlineData("mode")]
    [InlineData("id")]
    public async Task What_does_not_match_our_order_is_never_granted_and_an_error_names_the_payment(string field)
    {
        using var logs = new KeptLogs();
        await using var house = new PaymentHouse(build: b => b.Services.AddLogging(l => l.AddProvider(logs)));
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Distort = p =>
            field switch
            {
                "amount" => p with { Amount = Money.Euro(1.01m) },
                "currency" => p with { Amount = new Money(100, "USD") },
                "reference" => p with { Reference = "another" },
                "mode" => p with { Mode = PaymentMode.Live },
                _ => p with { ProviderPaymentId = "another" },
            };

        Assert.Equal(PaymentStatus.Review, (await house.SettleAsync(payment))!.Status);
        Assert.Equal(0, await house.BalanceAsync());
        var events = await house.Store.ReadEventsAsync(payment.Id, PaymentHouse.Token);
        Assert.Equal(PaymentStatus.Review, events[^1].To);
        Assert.NotNull(events[^1].Detail);
        Assert.Contains(
            logs.Lines,
            l =>
                l.StartsWith("Error", StringComparison.Ordinal)
                && l.Contains(payment.Id, StringComparison.Ordinal)
                && l.Contains(events[^1].Detail!, StringComparison.Ordinal)
        );

        // And it stays so, until a person decides.
        house.First.Distort = p => p;
        Assert.Equal(PaymentStatus.Review, (await house.SettleAsync(payment))!.Status);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task The_credits_expire_from_the_moment_of_payment_not_of_settlement()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync("month");
        var paidAt = house.Clock.GetUtcNow();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(TimeSpan.FromDays(2));
        await house.SettleAsync(payment);

        var balance = await house.Ledger.ReadBalanceAsync(PaymentHouse.Anna, PaymentHouse.Token);
        Assert.Equal(paidAt + TimeSpan.FromDays(30), balance.NextExpiry);
    }

    [Fact]
    public async Task A_payment_whose_provider_makes_no_sense_holds_up_no_other()
    {
        await using var house = new PaymentHouse();
        var broken = await house.OrderedAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var paid = await house.OrderedAsync("month");
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);
        house.First.BeforeGet = p =>
            p.Id == broken.Id ? throw new InvalidOperationException("nonsense") : Task.CompletedTask;
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await house.Worker.SweepPaymentsAsync(PaymentHouse.Token));
        Assert.Equal(30, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_crash_between_ledger_and_row_is_healed_by_the_sweeper()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        var paidAt = house.Clock.GetUtcNow();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);

        // What a crash leaves: the moment of payment and the grant are saved, the status is not.
        await house.Store.TryUpdateAsync(
            payment with
            {
                Status = PaymentStatus.Processing,
                PaidAt = paidAt,
            },
            null,
            PaymentHouse.Token
        );
        await house.Ledger.GrantAsync(
            PaymentHouse.Anna,
            payment.GrantId,
            5,
            "five",
            cancellationToken: PaymentHouse.Token
        );
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);

        var settled = (await house.Store.FindAsync(payment.Id, PaymentHouse.Token))!;
        Assert.Equal(PaymentStatus.Paid, settled.Status);
        Assert.Equal(paidAt, settled.PaidAt);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task The_sweeper_settles_a_payment_whose_message_never_came()
    {
        await using var house = new PaymentHouse();
        await using var other = new PaymentHouse(sharing: house);
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var looked = await Task.WhenAll(
            house.Worker.SweepPaymentsAsync(PaymentHouse.Token),
            other.Worker.SweepPaymentsAsync(PaymentHouse.Token)
        );

        Assert.Equal(1, looked.Sum());
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_provider_that_is_down_changes_nothing_and_everything_heals_on_return()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.BeforeGet = _ =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unavailable, "down");
        await Assert.ThrowsAsync<PaymentProviderException>(() => house.SettleAsync(payment));
        for (var i = 0; i < 60; i++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        }

        Assert.Equal(0, await house.BalanceAsync());
        house.First.BeforeGet = null;
        house.Clock.Advance(TimeSpan.FromMinutes(11));
        await house.Worker.SweepPaymentsAsync(PaymentHouse.Token);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_unknown_payment_is_nobodys()
    {
        await using var house = new PaymentHouse();
        Assert.Null(await house.Settler.SettleAsync("nope", PaymentTrigger.Webhook, PaymentHouse.Token));
        Assert.Null(
            await house.Settler.SettleByProviderAsync("first", "nope", PaymentTrigger.Webhook, PaymentHouse.Token)
        );
    }

    [Fact]
    public async Task A_payment_is_found_by_the_providers_id()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        var settled = await house.Settler.SettleByProviderAsync(
            "first",
            payment.ProviderPaymentId!,
            PaymentTrigger.Webhook,
            PaymentHouse.Token
        );
        Assert.Equal(PaymentStatus.Paid, settled!.Status);
        Assert.Null(
            await house.Settler.SettleByProviderAsync(
                "second",
                payment.ProviderPaymentId!,
                PaymentTrigger.Webhook,
                PaymentHouse.Token
            )
        );
    }
}
