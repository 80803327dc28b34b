using System.Text;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A verifier that believes what the signature header says: "genuine", "undecided", or anything else is forged.</summary>
internal sealed class ScriptedWebhook(string providerId = "scripted", string header = "X-Signature") : IPaymentWebhook
{
    public string ProviderId => providerId;

    public string SignatureHeader => header;

    /// <summary>The body is our payment id, "provider:" and the provider's, or empty for what is not ours.</summary>
    public Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetString(message.Body.Span);
        var isTheirs = body.StartsWith("provider:", StringComparison.Ordinal);
        return Task.FromResult(
            new WebhookVerdict
            {
                Authenticity = message.Headers.GetValueOrDefault(header) switch
                {
                    "genuine" => WebhookAuthenticity.Genuine,
                    "undecided" => WebhookAuthenticity.Undecided,
                    _ => WebhookAuthenticity.Forged,
                },
                PaymentId = isTheirs || body.Length == 0 ? null : body,
                ProviderPaymentId = isTheirs ? body["provider:".Length..] : null,
                Reason = "as scripted",
            }
        );
    }
}
