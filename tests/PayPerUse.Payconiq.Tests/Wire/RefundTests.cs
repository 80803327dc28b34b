using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

/// <summary>Refunds and their reconciliation as specified by the refund API 3.0.3 and the reconciliation API 3.0.1.</summary>
public sealed class RefundTests : IDisposable
{
    private const string N = "https://payconiq.com/";
    private const string Refunds = "/v3/payments/" + Recorded.PaymentId + "/refunds";
    private const string RefundId = "65f0c0ffee00000000000001";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FakeTimeProvider _clock = new(Now);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Payment Known => Recorded.Order() with { ProviderPaymentId = Recorded.PaymentId };

    private static PaymentRefund Asked =>
        new()
        {
            Id = Recorded.Reference + "-r1",
            Source = PaymentRefundSource.Asked,
            Amount = new Money(40, "EUR"),
            Status = PaymentRefundStatus.Requested,
            At = Now,
        };

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task A_refund_is_asked_for_with_our_id_as_key_and_a_signature_that_our_published_keys_verify()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST " + Refunds, 201, Answer("PENDING"));
        var shop = Shop(api);

        var refund = await Provider(shop).StartRefundAsync(Known, Asked, Token);

        var request = Assert.Single(api.Requests);
        Assert.Equal($$"""{"amount":40,"currency":"EUR","description":"{{Asked.Id}}"}""", request.Body);
        Assert.Equal(Asked.Id, request.Headers["Idempotency-Key"]);
        Assert.Equal("Bearer " + FakeApi.ApiKey, request.Authorization);
        var header = Verify(request, KeySetOf(shop), Refunds);
        Assert.Equal("Payconiq", header.GetProperty(N + "iss").GetString());
        Assert.Equal("2026-11-24T12:00:00.000Z", header.GetProperty(N + "iat").GetString());
        Assert.Equal(
            (RefundId, PaymentRefundStatus.Pending, new Money(40, "EUR")),
            (refund.ProviderRefundId, refund.Status, refund.Amount)
        );
    }

    [Fact]
    public async Task Each_try_of_a_refund_has_the_same_key_and_body_and_a_signature_of_its_own()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST " + Refunds, 503, Recorded.Error("TRY_AGAIN_LATER")).On("POST " + Refunds, 201, Answer("PENDING"));

        // The real clock: a retry waits.
        await Provider(Shop(api, isReal: true)).StartRefundAsync(Known, Asked, Token);

        Assert.Equal(2, api.Requests.Count);
        Assert.Single(api.Requests.Select(r => r.Body + r.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(2, api.Requests.Select(r => r.Headers["signature"]).Distinct().Count());
    }

    [Theory]
    [InlineData(422, "INVALID_REFUND_AMOUNT", PaymentProviderFailure.Rejected)]
    [InlineData(422, "REFUND_NOT_ALLOWED", PaymentProviderFailure.Rejected)]
    [InlineData(422, "REFUND_NOT_POSSIBLE", PaymentProviderFailure.Rejected)]
    [InlineData(422, "PAYMENT_FOR_REFUND_NOT_FOUND", PaymentProviderFailure.Rejected)]
    [InlineData(400, "VALIDATION_ERROR", PaymentProviderFailure.Rejected)]
    [InlineData(422, "REFUND_REQUEST_CONFLICT", PaymentProviderFailure.Unknown)]
    [InlineData(422, "A_CODE_OF_TOMORROW", PaymentProviderFailure.Unavailable)]
    [InlineData(401, "UNAUTHORIZED", PaymentProviderFailure.Unavailable)]
    [InlineData(403, "ACCESS_DENIED", PaymentProviderFailure.Unavailable)]
    [InlineData(404, "NOT_FOUND", PaymentProviderFailure.Unavailable)]
    [InlineData(429, "TOO_MANY", PaymentProviderFailure.Unavailable)]
    [InlineData(500, "TECHNICAL_ERROR", PaymentProviderFailure.Unknown)]
    public async Task Only_a_refusal_of_this_refund_says_that_there_is_none(
        int status,
        string code,
        PaymentProviderFailure failure
    )
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST " + Refunds, status, Recorded.Error(code));
        var provider = Provider(Shop(api, o => o.Resilience.MaxRetries = 0));

        var e = await Assert.ThrowsAsync<PaymentProviderException>(() =>
            provider.StartRefundAsync(Known, Asked, Token)
        );

        Assert.Equal(failure, e.Failure);
    }

    [Theory]
    [InlineData("PENDING", PaymentRefundStatus.Pending)]
    [InlineData("REFUNDED", PaymentRefundStatus.Succeeded)]
    [InlineData("FAILED", PaymentRefundStatus.Failed)]
    [InlineData("SOMETHING_OF_TOMORROW", PaymentRefundStatus.Pending)]
    public async Task A_refund_s_status_is_read_with_a_signature_over_nothing(string word, PaymentRefundStatus status)
    {
        await using var api = await FakeApi.StartAsync();
        api.On($"GET {Refunds}/{RefundId}", 200, Answer(word));
        var shop = Shop(api);

        var refund = await Provider(shop).FindRefundAsync(Known, Asked with { ProviderRefundId = RefundId }, Token);

        Assert.Equal(status, refund!.Status);
        Verify(Assert.Single(api.Requests), KeySetOf(shop), $"{Refunds}/{RefundId}");
    }

    [Fact]
    public async Task A_refund_whose_answer_was_lost_is_found_in_reconciliation_by_its_description()
    {
        await using var api = await FakeApi.StartAsync();
        const string List =
            "GET /v3/reconciliation/refunds?start-date=2026-11-23&end-date=2026-11-25&page=0&size=10000";
        api.On(List, 200, $$"""{"totalPages":1,"refunds":[{{Listed("x", "other")}},{{Listed(RefundId, Asked.Id)}}]}""");
        var shop = Shop(api, o => o.MerchantId = "merchant");

        var refund = await Provider(shop).FindRefundAsync(Known, Asked, Token);

        Assert.Equal((RefundId, PaymentRefundStatus.Succeeded), (refund!.ProviderRefundId, refund.Status));
        var header = Verify(Assert.Single(api.Requests), KeySetOf(shop), "/v3/reconciliation/refunds");
        Assert.Equal("merchant", header.GetProperty(N + "iss").GetString());
    }

    [Fact]
    public async Task A_refund_that_is_not_listed_is_certainly_none_only_after_two_days_and_before_28()
    {
        await using var api = await FakeApi.StartAsync();
        const string Start = "GET /v3/reconciliation/refunds?start-date=2026-11-23&end-date=";
        api.On(Start + "2026-11-25&page=0&size=10000", 200, """{"totalPages":0,"refunds":[]}""");
        api.On(Start + "2026-11-28&page=0&size=10000", 200, """{"totalPages":0,"refunds":[]}""");
        var provider = Provider(Shop(api));

        await Assert.ThrowsAsync<PaymentProviderException>(() => provider.FindRefundAsync(Known, Asked, Token));
        _clock.Advance(TimeSpan.FromDays(3));
        Assert.Null(await provider.FindRefundAsync(Known, Asked, Token));
        _clock.Advance(TimeSpan.FromDays(26));
        await Assert.ThrowsAsync<PaymentProviderException>(() => provider.FindRefundAsync(Known, Asked, Token));
    }

    [Fact]
    public async Task Reconciliation_is_read_from_a_week_ago_and_then_again_from_three_days_back()
    {
        await using var api = await FakeApi.StartAsync();
        const string First =
            "GET /v3/reconciliation/refunds?start-date=2026-11-17&end-date=2026-11-25&page=0&size=10000";
        const string Second =
            "GET /v3/reconciliation/refunds?start-date=2026-11-17&end-date=2026-11-25&page=1&size=10000";
        api.On(First, 200, $$"""{"totalPages":2,"refunds":[{{Listed(RefundId, "by hand")}}]}""");
        api.On(
            Second,
            200,
            $$"""{"totalPages":2,"refunds":[{{Listed("y", Asked.Id)}},{{Listed("z", null, "another")}},{{Listed("u", null).Replace("EUR", "12$", StringComparison.Ordinal)}}]}"""
        );
        var feed = (IReversalFeed)Provider(Shop(api));

        var one = await feed.ReadReversalsAsync(null, Token);
        var two = await feed.ReadReversalsAsync(one.Cursor, Token);

        Assert.True(one.HasMore);
        var notice = Assert.Single(one.Notices);
        Assert.Equal((Recorded.PaymentId, RefundId), (notice.ProviderPaymentId, notice.Refund!.ProviderRefundId));
        Assert.Null(notice.Refund.Reference);
        Assert.Equal(Asked.Id, Assert.Single(two.Notices).Refund!.Reference);
        Assert.Equal(("2026-11-21/0", false), (two.Cursor, two.HasMore));
        Assert.Equal("2026-11-09/0", feed.Rewind(two.Cursor, Now.AddDays(-14)));
        Assert.Equal(two.Cursor, feed.Rewind(two.Cursor, Now));
    }

    [Fact]
    public async Task A_long_absence_is_read_in_stretches_of_30_days()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(
            "GET /v3/reconciliation/refunds?start-date=2026-10-01&end-date=2026-10-31&page=0&size=10000",
            200,
            """{"totalPages":0,"refunds":[]}"""
        );
        api.On(
            "GET /v3/reconciliation/refunds?start-date=2026-10-31&end-date=2026-11-25&page=0&size=10000",
            200,
            """{"totalPages":0,"refunds":[]}"""
        );
        var feed = (IReversalFeed)Provider(Shop(api));

        var one = await feed.ReadReversalsAsync("2026-10-01/0", Token);
        var two = await feed.ReadReversalsAsync(one.Cursor, Token);

        Assert.Equal(("2026-10-31/0", true), (one.Cursor, one.HasMore));
        Assert.Equal(("2026-11-21/0", false), (two.Cursor, two.HasMore));
    }

    [Fact]
    public async Task Without_a_signing_key_refunds_are_refused_naming_the_setting_and_the_way_out()
    {
        await using var api = await FakeApi.StartAsync();
        var shop = api.Shop();
        var provider = Provider(shop);

        var why = provider.RefuseRefund(Known, new Money(40, "EUR"));

        Assert.Contains("Payconiq:SigningKey", why);
        Assert.Contains("record-refund", why);
        Assert.False(((IReversalFeed)provider).IsReadable);
        Assert.Null(Assert.Single(shop.GetServices<IPublishedKeys>()).KeySet);
        Assert.Null(Provider(Shop(api)).RefuseRefund(Known, new Money(40, "EUR")));
    }

    [Fact]
    public async Task The_key_that_follows_is_published_beside_the_one_that_signs_and_no_private_part_is()
    {
        await using var api = await FakeApi.StartAsync();
        using var next = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var set = KeySetOf(Shop(api, o => o.OtherPublishedKey = next.ExportSubjectPublicKeyInfoPem()));

        var keys = JsonElement.Parse(set).GetProperty("keys").EnumerateArray().ToArray();
        Assert.Equal(2, keys.Select(k => k.GetProperty("kid").GetString()).Distinct().Count());
        Assert.All(keys, k => Assert.False(k.TryGetProperty("d", out _)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("public")]
    [InlineData("rsa")]
    [InlineData("p384")]
    public async Task A_signing_key_of_another_kind_stops_the_host_and_is_not_shown(string kind)
    {
        await using var api = await FakeApi.StartAsync();
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var pem = kind switch
        {
            "public" => _key.ExportSubjectPublicKeyInfoPem(),
            "rsa" => rsa.ExportPkcs8PrivateKeyPem(),
            "p384" => p384.ExportPkcs8PrivateKeyPem(),
            _ => kind,
        };

        var e = Assert.Throws<OptionsValidationException>(() =>
            api.Shop(o => o.SigningKey = pem).GetRequiredService<IOptions<PayconiqOptions>>().Value
        );

        Assert.Contains("Payconiq:SigningKey: ", e.Message);
        Assert.DoesNotContain(pem, e.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_is_read_in_either_form_and_on_one_line(bool isSec1)
    {
        await using var api = await FakeApi.StartAsync();
        var pem = isSec1 ? _key.ExportECPrivateKeyPem() : _key.ExportPkcs8PrivateKeyPem();

        var one = KeySetOf(api.Shop(o => o.SigningKey = pem.Replace("\n", "\\n", StringComparison.Ordinal)));

        Assert.Equal(KeySetOf(Shop(api)), one);
    }

    private IServiceProvider Shop(FakeApi api, Action<PayconiqOptions>? configure = null, bool isReal = false) =>
        api.Shop(
            o =>
            {
                o.SigningKey = _key.ExportPkcs8PrivateKeyPem();
                configure?.Invoke(o);
            },
            isReal ? null : _clock
        );

    private static IRefundProvider Provider(IServiceProvider shop) =>
        (IRefundProvider)shop.GetRequiredService<IPaymentProvider>();

    private static string KeySetOf(IServiceProvider shop) => Assert.Single(shop.GetServices<IPublishedKeys>()).KeySet!;

    /// <summary>Verifies as the specification has it, apart from the code under test.</summary>
    private static JsonElement Verify(FakeApi.Request request, string keySet, string path)
    {
        var parts = request.Headers["signature"].Split('.');
        Assert.Equal(3, parts.Length);
        Assert.Empty(parts[1]);
        var header = JsonElement.Parse(Signatures.Signer.Decode(parts[0]));
        Assert.Equal("jose+json", header.GetProperty("typ").GetString());
        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        Assert.Equal(FakeApi.ProfileId, header.GetProperty(N + "sub").GetString());
        Assert.Equal(path, header.GetProperty(N + "path").GetString());
        Assert.Equal(
            [N + "sub", N + "iss", N + "iat", N + "jti", N + "path"],
            header.GetProperty("crit").EnumerateArray().Select(c => c.GetString()!)
        );
        var key = JsonElement
            .Parse(keySet)
            .GetProperty("keys")
            .EnumerateArray()
            .Single(k => k.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        using var ecdsa = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = Signatures.Signer.Decode(key.GetProperty("x").GetString()!),
                    Y = Signatures.Signer.Decode(key.GetProperty("y").GetString()!),
                },
            }
        );
        var input = parts[0] + "." + Signatures.Signer.Encode(Encoding.UTF8.GetBytes(request.Body));
        Assert.True(
            ecdsa.VerifyData(
                Encoding.ASCII.GetBytes(input),
                Signatures.Signer.Decode(parts[2]),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            )
        );
        return header;
    }

    private static string Answer(string status) =>
        $$"""{"refundId":"{{RefundId}}","paymentId":"{{Recorded.PaymentId}}","status":"{{status}}","amount":40,"currency":"EUR","creationDate":"2026-11-24T12:00:00.000Z"}""";

    private static string Listed(string id, string? description, string profile = FakeApi.ProfileId) =>
        $$"""{"paymentId":"{{Recorded.PaymentId}}","refundId":"{{id}}","paymentProfileId":"{{profile}}","merchantName":"Sint","paymentChannel":"ONLINE","currency":"EUR","amount":40,"description":{{JsonSerializer.Serialize(description)}},"transactionDate":"2026-11-24T12:00:00.000Z"}""";
}
