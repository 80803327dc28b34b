using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Snippets.Providers;

#region webhook
public sealed class AcmeWebhook(IOptions<AcmeOptions> options) : IPaymentWebhook
{
    public string ProviderId => "acme";

    public string SignatureHeader => "Acme-Signature";

    public Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Value.WebhookSecret!), message.Body.Span);
        var signature = message.Headers.GetValueOrDefault(SignatureHeader) ?? "";
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Hex(expected)))
        {
            return Task.FromResult(Forged("The signature does not match."));
        }

        // Verified: now it may be read. It only says which payment to look at.
        using var json = JsonDocument.Parse(message.Body);
        var verdict = new WebhookVerdict
        {
            Authenticity = WebhookAuthenticity.Genuine,
            PaymentId = json.RootElement.GetProperty("reference").GetString(),
        };
        return Task.FromResult(verdict);
    }

    private static byte[] Hex(byte[] hash) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash));

    private static WebhookVerdict Forged(string reason) =>
        new() { Authenticity = WebhookAuthenticity.Forged, Reason = reason };
}
#endregion
