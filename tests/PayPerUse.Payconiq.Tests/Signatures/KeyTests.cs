using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq.Tests.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Signatures;

/// <summary>Keys come and go, and their server is not always there.</summary>
public sealed class KeyTests
{
    private const string Jwks = "GET /jwks";

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_read_once_without_our_api_key_and_again_after_12_hours()
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 200, signer.Jwks);
        var webhook = api.Webhook(clock: _clock);

        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);
        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);
        Assert.Single(api.Requests);
        _clock.Advance(TimeSpan.FromHours(12));
        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);

        Assert.Equal(2, api.Requests.Count);
        Assert.All(api.Requests, r => Assert.Empty(r.Authorization));
    }

    [Fact]
    public async Task A_new_key_is_found_by_reading_again_at_most_once_a_minute()
    {
        using var old = new Signer();
        using var young = new Signer("k2");
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 200, old.Jwks).On(Jwks, 200, $$"""{"keys":[{{old.Jwk}},{{young.Jwk}}]}""");
        var webhook = api.Webhook(clock: _clock);
        await IsAsync(webhook, old, WebhookAuthenticity.Genuine);

        await IsAsync(webhook, young, WebhookAuthenticity.Undecided);
        Assert.Single(api.Requests);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await IsAsync(webhook, young, WebhookAuthenticity.Genuine);
        await IsAsync(webhook, old, WebhookAuthenticity.Genuine);

        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task A_flood_of_made_up_keys_asks_once()
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 200, signer.Jwks);
        var webhook = api.Webhook(clock: _clock);

        var verdicts = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i => webhook.VerifyAsync(signer.Message(h => h["kid"] = "made-up-" + i), Token))
        );

        Assert.All(verdicts, v => Assert.Equal(WebhookAuthenticity.Undecided, v.Authenticity));
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_known_key_with_a_bad_signature_is_forged()
    {
        using var signer = new Signer();
        using var evil = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 200, signer.Jwks);

        await IsAsync(api.Webhook(clock: _clock), evil, WebhookAuthenticity.Forged);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(302, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"keys":[]}""")]
    [InlineData(
        200,
        """{"keys":[{"kty":"RSA","kid":"k1"},5,{"kty":"EC","crv":"P-256","kid":"k1","x":"AA","y":"AA"}]}"""
    )]
    public async Task Without_keys_nothing_is_decided_and_the_payment_can_be_looked_at(int status, string body)
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, status, body, r => r.Headers.Location = "/elsewhere");

        var verdict = await api.Webhook(clock: _clock).VerifyAsync(signer.Message(), Token);

        Assert.Equal(WebhookAuthenticity.Undecided, verdict.Authenticity);
        Assert.Equal(Recorded.Reference, verdict.PaymentId);
        Assert.Equal(Recorded.PaymentId, verdict.ProviderPaymentId);
    }

    [Fact]
    public async Task When_the_key_server_comes_back_callbacks_verify_again()
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 503).On(Jwks, 200, signer.Jwks);
        var webhook = api.Webhook(clock: _clock);

        await IsAsync(webhook, signer, WebhookAuthenticity.Undecided);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);
    }

    [Fact]
    public async Task Keys_outlive_a_key_server_that_is_down_for_less_than_12_hours()
    {
        using var signer = new Signer();
        using var other = new Signer("k2");
        await using var api = await FakeApi.StartAsync();
        api.On(Jwks, 200, signer.Jwks).On(Jwks, 500);
        var webhook = api.Webhook(clock: _clock);
        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);
        _clock.Advance(TimeSpan.FromHours(11));

        await IsAsync(webhook, other, WebhookAuthenticity.Undecided);
        await IsAsync(webhook, signer, WebhookAuthenticity.Genuine);
        _clock.Advance(TimeSpan.FromHours(1));
        await IsAsync(webhook, signer, WebhookAuthenticity.Undecided);
    }

    private static async Task IsAsync(IPaymentWebhook webhook, Signer signer, WebhookAuthenticity expected) =>
        Assert.Equal(expected, (await webhook.VerifyAsync(signer.Message(), Token)).Authenticity);
}
