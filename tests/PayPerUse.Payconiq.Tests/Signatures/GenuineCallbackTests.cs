using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payconiq.Tests.Wire;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Payconiq.Tests.Signatures;

/// <summary>Two callbacks that Payconiq itself signed: they verify, and nothing near them does.</summary>
public sealed class GenuineCallbackTests
{
    private const string Base64UrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<int, string> Callbacks =>
        new() { { 0, "5bb37284e35e2b29e363df22" }, { 1, "5ad72b2f5fa9ad318a7581fd" } };

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task A_genuine_callback_verifies(int index, string profile)
    {
        await using var oracle = await StartAsync(index, profile);

        var verdict = await oracle.VerifyAsync(oracle.Signature, oracle.Body);

        Assert.Equal(WebhookAuthenticity.Genuine, verdict.Authenticity);
        Assert.Equal(24, verdict.ProviderPaymentId!.Length);

        // "Order1234" is no reference of ours.
        Assert.Null(verdict.PaymentId);
    }

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task A_genuine_callback_for_another_profile_is_refused(int index, string profile)
    {
        await using var oracle = await StartAsync(index, profile + "0");

        Assert.Equal(
            WebhookAuthenticity.Forged,
            (await oracle.VerifyAsync(oracle.Signature, oracle.Body)).Authenticity
        );
    }

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task No_changed_byte_of_the_body_passes(int index, string profile)
    {
        await using var oracle = await StartAsync(index, profile);
        foreach (var body in Changes(oracle.Body, Bits))
        {
            Assert.Equal(WebhookAuthenticity.Forged, (await oracle.VerifyAsync(oracle.Signature, body)).Authenticity);
        }
    }

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task No_changed_byte_of_the_header_or_the_signature_passes(int index, string profile)
    {
        await using var oracle = await StartAsync(index, profile);
        var genuine = Encoding.ASCII.GetBytes(oracle.Signature);
        foreach (var changed in Changes(genuine, b => [.. Bits(b), .. "A-_.= ,\n"u8]))
        {
            await RefusedAsync(oracle, Encoding.Latin1.GetString(changed));
        }

        Assert.True((await oracle.VerifyAsync(oracle.Signature, oracle.Body)).IsRelevant);
    }

    [Theory]
    [MemberData(nameof(Callbacks))]
    public async Task The_unused_bits_of_the_last_characters_carry_nothing(int index, string profile)
    {
        await using var oracle = await StartAsync(index, profile);
        var parts = oracle.Signature.Split('.');
        foreach (var last in Base64UrlAlphabet)
        {
            var header = $"{parts[0][..^1]}{last}..{parts[2]}";
            var signature = $"{parts[0]}..{parts[2][..^1]}{last}";
            foreach (var changed in new[] { header, signature }.Where(s => s != oracle.Signature))
            {
                await RefusedAsync(oracle, changed);
            }
        }
    }

    private static async Task RefusedAsync(Oracle oracle, string signature)
    {
        // A changed key id is a key that we do not know; all else is forged. Neither is genuine.
        var verdict = await oracle.VerifyAsync(signature, oracle.Body);
        Assert.True(verdict.Authenticity is WebhookAuthenticity.Forged or WebhookAuthenticity.Undecided, signature);
    }

    private static byte[] Bits(byte value) => [.. Enumerable.Range(0, 8).Select(bit => (byte)(value ^ (1 << bit)))];

    /// <summary>Every replacement, deletion, insertion and doubling of one byte, at every position.</summary>
    private static IEnumerable<byte[]> Changes(byte[] genuine, Func<byte, byte[]> replacements)
    {
        for (var i = 0; i <= genuine.Length; i++)
        {
            if (i < genuine.Length)
            {
                foreach (var other in replacements(genuine[i]).Append((byte)0).Where(b => b != genuine[i]))
                {
                    var replaced = genuine.ToArray();
                    replaced[i] = other;
                    yield return replaced;
                }

                yield return [.. genuine[..i], .. genuine[(i + 1)..]];
                yield return [.. genuine[..i], genuine[i], .. genuine[i..]];
            }

            yield return [.. genuine[..i], (byte)' ', .. genuine[i..]];
            yield return [.. genuine[..i], (byte)'A', .. genuine[i..]];
        }
    }

    private static async Task<Oracle> StartAsync(int index, string profile)
    {
        var file = await File.ReadAllTextAsync(Machine.Oracle("bancontact-callbacks.json"), Token);
        var json = JsonElement.Parse(file);
        var api = await FakeApi.StartAsync();
        api.On("GET /jwks", 200, json.GetProperty("jwks").GetRawText());
        var callback = json.GetProperty("callbacks")[index];
        return new Oracle(
            api,
            api.Webhook(o => o.ProfileId = profile, new FakeTimeProvider()),
            callback.GetProperty("signature").GetString()!,
            Encoding.UTF8.GetBytes(callback.GetProperty("body").GetString()!)
        );
    }

    private sealed record Oracle(FakeApi Api, IPaymentWebhook Webhook, string Signature, byte[] Body) : IAsyncDisposable
    {
        public Task<WebhookVerdict> VerifyAsync(string signature, byte[] body) =>
            Webhook.VerifyAsync(Signer.Message(signature, body), Token);

        public ValueTask DisposeAsync() => Api.DisposeAsync();
    }
}
