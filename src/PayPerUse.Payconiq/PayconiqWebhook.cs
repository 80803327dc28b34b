using System.Text.Json;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>Verifies callbacks: only that they are genuine matters, and which payment they ring for.</summary>
internal sealed class PayconiqWebhook(CallbackKeys keys, IOptions<PayconiqOptions> options) : IPaymentWebhook
{
    public string ProviderId => PayconiqDefaults.ProviderId;

    public string SignatureHeader => PayconiqDefaults.SignatureHeader;

    public async Task<WebhookVerdict> VerifyAsync(WebhookMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var header = message
            .Headers.FirstOrDefault(h => string.Equals(h.Key, SignatureHeader, StringComparison.OrdinalIgnoreCase))
            .Value;
        if (header is null)
        {
            return Forged("there is no signature header");
        }

        if (CallbackSignature.Read(header, out var error) is not { } signature)
        {
            return Forged(error!);
        }

        if (
            signature.Header.ProfileIds.Any(id => !string.Equals(id, options.Value.ProfileId, StringComparison.Ordinal))
        )
        {
            return Forged("it is for another payment profile than Payconiq:ProfileId");
        }

        var (paymentId, providerPaymentId) = ReadIds(message.Body);
        var candidates = await keys.FindAsync(signature.Header.KeyId, cancellationToken).ConfigureAwait(false);
        if (candidates.Count == 0)
        {
            // Not one word of the body is believed: the ids only say which payment is worth a look.
            return new WebhookVerdict
            {
                Authenticity = WebhookAuthenticity.Undecided,
                PaymentId = paymentId,
                ProviderPaymentId = providerPaymentId,
                Reason = "its key is unknown or the key server does not answer",
            };
        }

        return candidates.Any(key => signature.IsBy(key, message.Body.Span))
            ? new WebhookVerdict
            {
                Authenticity = WebhookAuthenticity.Genuine,
                PaymentId = paymentId,
                ProviderPaymentId = providerPaymentId,
            }
            : Forged("its signature does not fit its content");
    }

    private static WebhookVerdict Forged(string reason) =>
        new() { Authenticity = WebhookAuthenticity.Forged, Reason = reason };

    private static (string? PaymentId, string? ProviderPaymentId) ReadIds(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            var reference = Text(root, "reference");
            var id = Text(root, "paymentId");
            return (IsOurs(reference) ? reference : null, IsTheirs(id) ? id : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is no valid Unicode.
            return (null, null);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    // Other products of the same profile have references of their own; those payments are not ours to look at by reference.
    private static bool IsOurs(string? reference) =>
        reference is { Length: 32 } && reference.All(char.IsAsciiHexDigitLower);

    private static bool IsTheirs(string? id) => id is { Length: >= 1 and <= 64 } && id.All(char.IsAsciiLetterOrDigit);
}
