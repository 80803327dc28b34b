using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What providers' messages are answered.</summary>
public sealed class WebhookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/payments/webhook/scripted", false)]
    [InlineData("/payments/webhook", false)]
    [InlineData("/payments/webhook", true)]
    public async Task A_genuine_message_is_200_once_its_credits_are_there(string path, bool isTheirId)
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);

        for (var i = 0; i < 3; i++)
        {
            var answer = await PostAsync(house, path, "genuine", isTheirId ? "provider:prov-" + id : id);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(5, await house.BalanceAsync());
        }
    }

    [Fact]
    public async Task A_forged_message_is_400_and_has_no_effect()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);

        await (await PostAsync(house, "/payments/webhook/scripted", "forged", id)).ProblemAsync(
            400,
            "invalid-signature"
        );

        Assert.Equal(0, house.Provider.Gets);
        Assert.Equal(0, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_message_without_a_signature_is_400()
    {
        await using var house = await StartAsync();

        await (await PostAsync(house, "/payments/webhook/scripted", null, "x")).ProblemAsync(400, "invalid-signature");
        await (await PostAsync(house, "/payments/webhook", null, "x")).ProblemAsync(400, "unknown-provider");
        await (await PostAsync(house, "/payments/webhook/cash", "genuine", "x")).ProblemAsync(400, "unknown-provider");
    }

    [Fact]
    public async Task A_message_that_does_not_concern_us_is_200()
    {
        await using var house = await StartAsync();

        var answer = await PostAsync(house, "/payments/webhook/scripted", "genuine", "");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Our_reference_without_a_row_is_503()
    {
        await using var house = await StartAsync();

        foreach (var body in new[] { new string('0', 32), "provider:unknown", "no id\0of ours", "provider:a\0b" })
        {
            await (await PostAsync(house, "/payments/webhook/scripted", "genuine", body)).ProblemAsync(
                503,
                "undecided"
            );
        }
    }

    [Fact]
    public async Task A_provider_s_message_about_another_provider_s_payment_is_503()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);

        await (await PostAsync(house, "/payments/webhook/other", "genuine", id, "X-Other")).ProblemAsync(
            503,
            "undecided"
        );
    }

    [Fact]
    public async Task A_provider_that_is_down_is_503_and_the_next_message_works()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        house.Provider.BeforeGet = _ =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unavailable, "No line.");

        await (await PostAsync(house, "/payments/webhook", "genuine", id)).ProblemAsync(503, "provider-unavailable");
        house.Provider.BeforeGet = null;
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(house, "/payments/webhook", "genuine", id)).StatusCode);

        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_ledger_that_is_down_is_503_and_the_next_message_works()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        house.Store.Fail(CreditCommandKind.Grant, CreditOperationOutcome.Unknown);

        await (await PostAsync(house, "/payments/webhook", "genuine", id)).ProblemAsync(503, "store-unavailable");
        house.Store.Before = null;
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(house, "/payments/webhook", "genuine", id)).StatusCode);

        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_undecided_message_is_503_and_makes_us_look_once_in_ten_seconds()
    {
        await using var house = await StartAsync();
        var clock = house.Clock!;
        var id = await PaymentEndpointsTests.OrderAsync(house);
        clock.Advance(TimeSpan.FromMinutes(1));

        async Task<int> LooksAsync()
        {
            var before = house.Provider.Gets;
            for (var i = 0; i < 5; i++)
            {
                await (await PostAsync(house, "/payments/webhook", "undecided", id)).ProblemAsync(503, "undecided");
            }

            return house.Provider.Gets - before;
        }

        Assert.Equal(1, await LooksAsync());
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, await LooksAsync());
        clock.Advance(TimeSpan.FromSeconds(1));
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        Assert.Equal(1, await LooksAsync());
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task An_undecided_message_is_503_also_when_looking_fails()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.BeforeGet = _ =>
            throw new PaymentProviderException("scripted", PaymentProviderFailure.Unavailable, "No line.");

        await (await PostAsync(house, "/payments/webhook", "undecided", id)).ProblemAsync(503, "undecided");
        await (await PostAsync(house, "/payments/webhook", "undecided", "nobody's")).ProblemAsync(503, "undecided");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_message_is_413(bool hasLength)
    {
        await using var house = await StartAsync();

        await (
            await PostAsync(house, "/payments/webhook", "genuine", new string('x', 64 * 1024 + 1), hasLength: hasLength)
        ).ProblemAsync(413, "body-too-large");
        await (
            await PostAsync(house, "/payments/webhook", "genuine", new string('x', 64 * 1024), hasLength: hasLength)
        ).ProblemAsync(503, "undecided");
    }

    [Fact]
    public async Task Only_messages_that_fail_verification_are_rate_limited()
    {
        await using var house = await StartAsync(b => b.ConfigureHttp(o => o.FailedWebhooksPerMinute = 2));
        var id = await PaymentEndpointsTests.OrderAsync(house);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(house, "/payments/webhook", "genuine", id)).StatusCode);
        }

        await (await PostAsync(house, "/payments/webhook", "forged", id)).ProblemAsync(400, "invalid-signature");
        await (await PostAsync(house, "/payments/webhook", "forged", id)).ProblemAsync(400, "invalid-signature");
        await (await PostAsync(house, "/payments/webhook", "forged", id)).ProblemAsync(429, "too-many-requests");

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(house, "/payments/webhook", "genuine", id)).StatusCode);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("undecided")]
    public async Task A_flood_of_messages_that_are_not_accepted_leaves_few_lines_in_the_log(string signature)
    {
        using var logs = new KeptLogs();
        await using var house = await StartAsync(b => b.Services.AddLogging(l => l.AddProvider(logs)));
        for (var i = 0; i < 400; i++)
        {
            await PostAsync(house, "/payments/webhook", signature, "");
        }

        // Two minutes' worth at most, should the test not take longer.
        Assert.InRange(logs.Lines.Count(l => l.Contains("was not accepted", StringComparison.Ordinal)), 1, 240);
    }

    [Fact]
    public async Task Webhooks_need_no_session_and_may_come_from_anywhere()
    {
        await using var house = await StartAsync();
        var id = await PaymentEndpointsTests.OrderAsync(house);
        using var provider = house.MakeClient(null);
        provider.DefaultRequestHeaders.Add("Origin", "https://provider.example");
        provider.DefaultRequestHeaders.Add("X-Signature", "genuine");
        using var body = new StringContent(id);

        var answer = await provider.PostAsync("/payments/webhook", body, Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Task<HttpHouse> StartAsync(Action<IPayPerUseBuilder>? configure = null) =>
        HttpHouse.StartAsync(s =>
        {
            s.FreezeTime().PayPerUse = configure;
            s.Services = services =>
                services
                    .AddSingleton<IPaymentWebhook>(new ScriptedWebhook("other", "X-Other"))
                    .AddSingleton<IPaymentWebhook>(new ScriptedWebhook());
        });

    private static Task<HttpResponseMessage> PostAsync(
        HttpHouse house,
        string path,
        string? signature,
        string body,
        string header = "X-Signature",
        bool hasLength = true
    ) =>
        house.SendAsync(
            HttpMethod.Post,
            path,
            change: r =>
            {
                r.Headers.Remove("X-User");
                r.Headers.TransferEncodingChunked = !hasLength;
                r.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                if (signature is not null)
                {
                    r.Headers.Add(header, signature);
                }
            }
        );
}
