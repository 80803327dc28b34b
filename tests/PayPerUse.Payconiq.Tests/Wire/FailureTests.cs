using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

/// <summary>What each failure means for an order, and how often the API was asked.</summary>
public sealed class FailureTests
{
    private const string Create = "POST /v3/payments";
    private const string Get = "GET /v3/payments/" + Recorded.PaymentId;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Payment Known => Recorded.Order() with { ProviderPaymentId = Recorded.PaymentId };

    [Theory]
    [InlineData(400, PaymentProviderFailure.Rejected)]
    [InlineData(401, PaymentProviderFailure.Rejected)]
    [InlineData(403, PaymentProviderFailure.Rejected)]
    [InlineData(404, PaymentProviderFailure.Rejected)]
    [InlineData(422, PaymentProviderFailure.Rejected)]
    [InlineData(429, PaymentProviderFailure.Unavailable)]
    [InlineData(408, PaymentProviderFailure.Unknown)]
    [InlineData(500, PaymentProviderFailure.Unknown)]
    [InlineData(502, PaymentProviderFailure.Unknown)]
    [InlineData(503, PaymentProviderFailure.Unknown)]
    [InlineData(504, PaymentProviderFailure.Unknown)]
    public async Task A_create_that_fails_is_sent_once_and_told_for_what_it_is(
        int status,
        PaymentProviderFailure failure
    )
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Create, status, Recorded.Error("SOME_CODE"));

        var e = await FailAsync(api.Provider());

        Assert.Equal(failure, e.Failure);
        Assert.Contains("SOME_CODE", e.Message);
        Assert.DoesNotContain(FakeApi.ApiKey, e.ToString());
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Create, status, more: r => r.Headers.Location = "/elsewhere");
        api.On(Get, status, more: r => r.Headers.Location = "/elsewhere");
        var provider = api.Provider();

        Assert.Equal(PaymentProviderFailure.Rejected, (await FailAsync(provider)).Failure);
        await Assert.ThrowsAsync<PaymentProviderException>(() => provider.GetPaymentAsync(Known, Token));
        Assert.Equal([Create, Get], api.Requests.Select(r => r.Call));
    }

    [Fact]
    public async Task A_create_whose_connection_breaks_may_have_happened()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(
            Create,
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            }
        );

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(api.Provider())).Failure);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"paymentId":"x","status":"PENDING","amount":"100"}""")]
    [InlineData("""{"paymentId":"x","status":"PENDING","amount":-1}""")]
    public async Task A_create_whose_answer_makes_no_sense_may_have_happened(string body)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Create, 201, body);

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(api.Provider())).Failure);
    }

    [Fact]
    public async Task A_create_that_is_not_answered_in_time_may_have_happened()
    {
        var clock = new FakeTimeProvider();
        await using var api = await FakeApi.StartAsync();
        api.On(
            Create,
            async context =>
            {
                // The request is here; now the time of one try passes.
                clock.Advance(TimeSpan.FromSeconds(6));
                await Task.Delay(Timeout.Infinite, context.RequestAborted)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }
        );

        Assert.Equal(PaymentProviderFailure.Unknown, (await FailAsync(api.Provider(clock: clock))).Failure);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_create_that_never_left_is_certainly_not_there()
    {
        await using var api = await FakeApi.StartAsync();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var e = await FailAsync(api.Provider(o => o.ApiBase = new Uri($"http://127.0.0.1:{port}")));

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Reading_is_tried_again_after_a_passing_failure(int status)
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Get, status).On(Get, status).On(Get, 200, Recorded.Read("SUCCEEDED"));

        var said = await api.Provider().GetPaymentAsync(Known, Token);

        Assert.Equal(ProviderPaymentStatus.Paid, said!.Status);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task Reading_gives_up_after_its_retries_and_changes_nothing()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Get, 503, Recorded.Error("TRY_AGAIN_LATER"));

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() => api.Provider().GetPaymentAsync(Known, Token));

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task A_wait_that_the_api_asks_for_and_nobody_has_is_not_waited_for()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Get, 429, more: r => r.Headers.RetryAfter = "3600");

        await Assert.ThrowsAsync<PaymentProviderException>(() => api.Provider().GetPaymentAsync(Known, Token));

        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task After_many_failures_nothing_is_sent_for_a_while()
    {
        var clock = new FakeTimeProvider();
        await using var api = await FakeApi.StartAsync();
        api.On(Create, 500).On(Create, 500).On(Create, 201, Recorded.Created());
        var provider = api.Provider(o => o.Resilience.BreakerMinCalls = 2, clock);
        await FailAsync(provider);
        await FailAsync(provider);

        var e = await FailAsync(provider);
        var sent = api.Requests.Count;
        clock.Advance(TimeSpan.FromSeconds(16));
        var started = await provider.StartCheckoutAsync(Recorded.Order(), Token);

        Assert.Equal(PaymentProviderFailure.Unavailable, e.Failure);
        Assert.Equal(2, sent);
        Assert.Equal(Recorded.PaymentId, started.ProviderPaymentId);
    }

    private static Task<PaymentProviderException> FailAsync(IPaymentProvider provider) =>
        Assert.ThrowsAsync<PaymentProviderException>(() => provider.StartCheckoutAsync(Recorded.Order(), Token));
}
