using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Stripe.Tests;

public sealed class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, null, PaymentProviderFailure.Rejected, 1)]
    [InlineData(400, "idempotency_error", PaymentProviderFailure.Rejected, 1)]
    [InlineData(401, null, PaymentProviderFailure.Rejected, 1)]
    [InlineData(403, null, PaymentProviderFailure.Rejected, 1)]
    [InlineData(404, "resource_missing", PaymentProviderFailure.Rejected, 1)]
    [InlineData(302, null, PaymentProviderFailure.Rejected, 1)]
    [InlineData(409, "idempotency_key_in_use", PaymentProviderFailure.Unknown, 3)]
    [InlineData(429, "rate_limit", PaymentProviderFailure.Unavailable, 3)]
    [InlineData(500, null, PaymentProviderFailure.Unknown, 3)]
    [InlineData(503, null, PaymentProviderFailure.Unknown, 3)]
    public async Task Each_answer_to_a_start_has_its_meaning(
        int status,
        string? code,
        PaymentProviderFailure expected,
        int tries
    )
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) =>
            Answer.Error(status, "no", code) with
            {
                Headers = new() { ["Location"] = "http://127.0.0.1:1/elsewhere" },
            };
        using var services = Orders.Services(stripe.Address);

        var e = await FailAsync(services.Provider());

        Assert.Equal(expected, e.Failure);
        Assert.Equal(tries, stripe.Requests.Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_passing_failure_of_a_question_leaves_no_doubt(int status)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Error(status, "no");
        using var services = Orders.Services(stripe.Address);

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            services.Provider().GetPaymentAsync(Orders.Known(), Token)
        );

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
    }

    [Fact]
    public async Task One_try_in_doubt_keeps_the_whole_start_in_doubt()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, n) => n == 1 ? Answer.Error(500, "no") : Answer.Error(429, "slow down");
        using var services = Orders.Services(stripe.Address);

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(services.Provider())).Failure);
    }

    [Fact]
    public async Task Stripe_can_say_that_repeating_is_of_no_use()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) =>
            Answer.Error(500, "no") with
            {
                Headers = new() { ["Stripe-Should-Retry"] = "false" },
            };
        using var services = Orders.Services(stripe.Address);

        await FailAsync(services.Provider());

        Assert.Single(stripe.Requests);
    }

    [Fact]
    public async Task A_connection_cut_after_sending_leaves_us_in_doubt()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => new Answer(0, "") { Cut = true };
        using var services = Orders.Services(stripe.Address);

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(services.Provider())).Failure);
    }

    [Fact]
    public async Task Silence_leaves_us_in_doubt()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => new Answer(0, "") { Hang = true };
        using var services = Orders.Services(
            stripe.Address,
            o =>
            {
                o.Resilience.TryTimeout = TimeSpan.FromMilliseconds(200);
                o.Resilience.TotalTimeout = TimeSpan.FromSeconds(5);
            }
        );

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(services.Provider())).Failure);
    }

    [Fact]
    public async Task Nonsense_with_a_good_status_leaves_us_in_doubt()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => new Answer(200, "<html>welcome to the café's wifi</html>");
        using var services = Orders.Services(stripe.Address);

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(services.Provider())).Failure);
    }

    [Fact]
    public async Task Nobody_there_means_that_nothing_happened()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var services = Orders.Services(new Uri($"http://127.0.0.1:{port}"));

        Assert.Equal(PaymentProviderFailure.Unavailable, (await FailAsync(services.Provider())).Failure);
    }

    [Fact]
    public async Task After_many_failures_Stripe_is_left_alone_for_a_while()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Error(500, "no");
        using var services = Orders.Services(
            stripe.Address,
            o =>
            {
                o.Resilience.BreakerMinCalls = 2;
                o.Resilience.MaxRetries = 0;
            }
        );
        await FailAsync(services.Provider());
        await FailAsync(services.Provider());

        var e = await FailAsync(services.Provider());

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
        Assert.Equal(2, stripe.Requests.Count);
    }

    [Fact]
    public async Task A_session_that_Stripe_does_not_know_never_ends_a_payment()
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) => Answer.Error(404, "No such checkout.session", "resource_missing");
        using var services = Orders.Services(stripe.Address);

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            services.Provider().GetPaymentAsync(Orders.Known(), Token)
        );

        Assert.Equal(PaymentProviderFailure.Rejected, e.Failure);
    }

    [Fact]
    public async Task A_payment_of_the_other_mode_is_never_asked_about_with_this_key()
    {
        await using var stripe = await FakeStripe.StartAsync();
        using var services = Orders.Services(stripe.Address);

        await Assert.ThrowsAsync<PaymentProviderException>(() =>
            services.Provider().GetPaymentAsync(Orders.Known() with { Mode = PaymentMode.Live }, Token)
        );

        Assert.Empty(stripe.Requests);
    }

    [Theory]
    [InlineData("complete", false)]
    [InlineData("expired", false)]
    [InlineData("open", true)]
    public async Task Calling_off_what_is_no_longer_open_does_nothing(string status, bool fails)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (r, _) =>
            r.Method == "POST"
                ? Answer.Error(400, "Only Checkout Sessions with a status in [\"open\"] can be expired.")
                : Answer.Ok(FakeStripe.Session(s => s["status"] = status));
        using var services = Orders.Services(stripe.Address);

        var cancel = services.Provider().CancelAsync(Orders.Known(), Token);

        if (fails)
        {
            await Assert.ThrowsAsync<PaymentProviderException>(() => cancel);
        }
        else
        {
            await cancel;
        }
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task No_message_and_no_log_holds_a_secret(int status)
    {
        await using var stripe = await FakeStripe.StartAsync();
        stripe.Answers = (_, _) =>
            status == 200
                ? new Answer(200, "not json " + Orders.Key)
                : Answer.Error(status, $"Invalid API Key provided: {Orders.Key} {Orders.Secret} sk_test_****6789");
        using var logs = new KeptLogs();
        using var services = Orders.Services(stripe.Address, logs: logs);

        var e = await FailAsync(services.Provider());

        foreach (var text in logs.Lines.Append(e.ToString()))
        {
            Assert.DoesNotContain("TopSecret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("HushHush", text, StringComparison.Ordinal);
            Assert.DoesNotContain("6789", text, StringComparison.Ordinal);
        }
    }

    private static Task<PaymentProviderException> FailAsync(IPaymentProvider provider) =>
        Assert.ThrowsAsync<PaymentProviderException>(() => provider.StartCheckoutAsync(Orders.Payment(), Token));
}
