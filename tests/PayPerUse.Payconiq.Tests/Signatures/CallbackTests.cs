using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq.Tests.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Signatures;

/// <summary>What a signed header may and may not say.</summary>
public sealed class CallbackTests
{
    private const string N = "https://payconiq.com/";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<JsonObject>> Accepted =>
        new()
        {
            { "as it is", _ => { } },
            { "typ in small letters", h => h["typ"] = "jose+json" },
            { "iat with 3 digits", h => h[N + "iat"] = "2026-11-24T02:00:00.123Z" },
            { "iat with 6 digits", h => h[N + "iat"] = "2026-11-24T02:00:00.123456Z" },
            { "an old iat", h => h[N + "iat"] = "2019-03-07T10:24:23.880Z" },
            { "path without host", h => h[N + "path"] = "/payments/webhook/payconiq" },
            { "four critical names", h => h["crit"] = new JsonArray(N + "iat", N + "jti", N + "path", N + "iss") },
            { "plain sub", PlainSub },
            { "a name of tomorrow that is not critical", h => h["new"] = 1 },
            { "jku, which is not followed", h => h["jku"] = "https://evil.example/jwks" },
        };

    public static TheoryData<string, Action<JsonObject>> Refused =>
        new()
        {
            { "alg none", h => h["alg"] = "none" },
            { "alg HS256", h => h["alg"] = "HS256" },
            { "alg in small letters", h => h["alg"] = "es256" },
            { "no alg", h => h.Remove("alg") },
            { "typ JWT", h => h["typ"] = "JWT" },
            { "no typ", h => h.Remove("typ") },
            { "no kid", h => h.Remove("kid") },
            { "another issuer", h => h[N + "iss"] = "Evil" },
            { "no issuer", h => h.Remove(N + "iss") },
            { "no iat", h => h.Remove(N + "iat") },
            { "another profile", h => h[N + "sub"] = "other" },
            { "no profile", h => h.Remove(N + "sub") },
            { "a profile that is a number", h => h[N + "sub"] = 5 },
            { "two profiles", h => h["sub"] = "other" },
            { "an unknown critical name", h => h["crit"] = new JsonArray(N + "iat", "b64") },
            { "a critical name that is missing", h => h.Remove(N + "path") },
            { "a critical name twice", h => h["crit"] = new JsonArray(N + "iat", N + "iat") },
            { "nothing critical", h => h["crit"] = new JsonArray() },
            { "crit as text", h => h["crit"] = N + "iat" },
            { "crit of numbers", h => h["crit"] = new JsonArray(1) },
        };

    [Theory]
    [MemberData(nameof(Accepted), DisableDiscoveryEnumeration = true)]
    public async Task A_header_in_a_form_that_occurs_is_genuine(string name, Action<JsonObject> change) =>
        await JudgeAsync(name, change, WebhookAuthenticity.Genuine);

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_signed_header_that_says_something_else_is_refused(string name, Action<JsonObject> change) =>
        await JudgeAsync(name, change, WebhookAuthenticity.Forged);

    [Theory]
    [InlineData(DSASignatureFormat.IeeeP1363FixedFieldConcatenation)]
    [InlineData(DSASignatureFormat.Rfc3279DerSequence)]
    public async Task Both_spellings_of_a_signature_verify(DSASignatureFormat format)
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jwks", 200, signer.Jwks);
        var webhook = api.Webhook();

        // r and s vary in length in DER, so one signature proves little.
        for (var i = 0; i < 200; i++)
        {
            var verdict = await webhook.VerifyAsync(signer.Message(format: format), Token);
            Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
            Assert.Equal(Recorded.Reference, verdict.PaymentId);
            Assert.Equal(Recorded.PaymentId, verdict.ProviderPaymentId);
        }
    }

    [Fact]
    public async Task A_header_with_a_name_twice_is_refused()
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        var twice = signer.Header().ToJsonString().Replace("{", "{\"kid\":\"k2\",", StringComparison.Ordinal);

        var verdict = await api.Webhook().VerifyAsync(signer.Raw(twice), Token);

        Assert.Equal(WebhookAuthenticity.Forged, verdict.Authenticity);
    }

    [Theory]
    [InlineData("kid")]
    [InlineData("typ")]
    [InlineData("crit")]
    public async Task A_header_with_text_that_is_no_unicode_is_refused(string name)
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        var header = signer.Header();
        header[name] = name == "crit" ? new JsonArray("?") : "?";

        var verdict = await api.Webhook()
            .VerifyAsync(signer.Raw(header.ToJsonString().Replace("?", "\\uD800", StringComparison.Ordinal)), Token);

        Assert.Equal(WebhookAuthenticity.Forged, verdict.Authenticity);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("e30..e30")]
    [InlineData("W10..W10")]
    [InlineData("e30..")]
    [InlineData("e30..e30..")]
    public async Task A_malformed_signature_is_forged_and_asks_nobody_for_keys(string signature)
    {
        await using var api = await FakeApi.StartAsync();

        var verdict = await api.Webhook().VerifyAsync(Signer.Message(signature, "{}"u8.ToArray()), Token);

        Assert.Equal(WebhookAuthenticity.Forged, verdict.Authenticity);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task A_message_without_a_signature_is_forged()
    {
        await using var api = await FakeApi.StartAsync();

        var verdict = await api.Webhook()
            .VerifyAsync(new WebhookMessage(new Dictionary<string, string>(), "{}"u8.ToArray()), Token);

        Assert.Equal(WebhookAuthenticity.Forged, verdict.Authenticity);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"paymentId":"\uD800"}""")]
    [InlineData("""{"paymentId":5,"reference":null}""")]
    [InlineData("""{"paymentId":"../../x","reference":"Order1234"}""")]
    [InlineData("""{"paymentId":"a","paymentId":"b"}""")]
    public async Task A_genuine_message_that_names_no_payment_concerns_nobody(string body)
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jwks", 200, signer.Jwks);

        var verdict = await api.Webhook().VerifyAsync(signer.Message(body: body), Token);

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.False(verdict.IsRelevant);
    }

    private static async Task JudgeAsync(string name, Action<JsonObject> change, WebhookAuthenticity expected)
    {
        using var signer = new Signer();
        await using var api = await FakeApi.StartAsync();
        api.On("GET /jwks", 200, signer.Jwks);

        var verdict = await api.Webhook(clock: new FakeTimeProvider()).VerifyAsync(signer.Message(change), Token);

        Assert.True(expected == verdict.Authenticity, $"{name}: {verdict.Authenticity} {verdict.Reason}");
    }

    private static void PlainSub(JsonObject header)
    {
        header.Remove(N + "sub");
        header["sub"] = FakeApi.ProfileId;
        header["crit"] = new JsonArray(N + "iat", N + "jti", N + "path", N + "iss");
    }
}
