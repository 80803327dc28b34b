using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq.Tests.Signatures;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Wire;

/// <summary>What <c>doctor</c> is told, and what a payment costs.</summary>
public sealed class DiagnosisTests
{
    private const string Probe = "GET /v3/payments/000000000000000000000000";
    private const string List =
        "GET /v3/reconciliation/refunds?start-date=2026-11-24&end-date=2026-11-24&page=0&size=10000";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_is_well_where_the_key_is_accepted_keys_are_read_and_refunds_are_signed()
    {
        using var signer = new Signer();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var api = await FakeApi.StartAsync();
        api.On(Probe, 404, Recorded.Error("PAYMENT_NOT_FOUND")).On("GET /jwks", 200, signer.Jwks);
        api.On(List, 200, """{"totalPages":0,"refunds":[]}""");

        var findings = await DiagnoseAsync(api, o => o.SigningKey = key.ExportPkcs8PrivateKeyPem());

        Assert.Equal(
            [
                ("payconiq key", DoctorVerdict.Good),
                ("payconiq callback keys", DoctorVerdict.Good),
                ("payconiq refunds", DoctorVerdict.Good),
            ],
            findings.Select(f => (f.Subject, f.Verdict))
        );
    }

    [Fact]
    public async Task What_is_refused_or_missing_is_named_with_its_setting_and_without_its_secret()
    {
        await using var api = await FakeApi.StartAsync();
        api.On(Probe, 401, Recorded.Error("UNAUTHORIZED")).On("GET /jwks", 500);

        var findings = await DiagnoseAsync(api);

        Assert.Equal([DoctorVerdict.Bad, DoctorVerdict.Bad, DoctorVerdict.Warning], findings.Select(f => f.Verdict));
        Assert.Contains("Payconiq:ApiKey", findings[0].Message);
        Assert.Contains("Payconiq:JwksUri", findings[1].Message);
        Assert.Contains("Payconiq:SigningKey", findings[2].Message);
        Assert.DoesNotContain(findings, f => f.Message.Contains(FakeApi.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_fee_is_the_contract_s_and_the_same_for_every_price()
    {
        await using var api = await FakeApi.StartAsync();

        Assert.Equal(new Money(20, "EUR"), ((IProviderFee)api.Provider()).FeeOf(Money.Euro(1m)));
        Assert.Equal(new Money(6, "EUR"), ((IProviderFee)api.Provider(o => o.FeeInCents = 6)).FeeOf(Money.Euro(5m)));
    }

    private async Task<IReadOnlyList<DoctorFinding>> DiagnoseAsync(
        FakeApi api,
        Action<PayconiqOptions>? configure = null
    ) => await ((IProviderDiagnosis)api.Provider(configure, _clock)).DiagnoseAsync(Token);
}
