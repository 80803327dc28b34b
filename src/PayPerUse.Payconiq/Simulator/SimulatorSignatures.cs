using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// Checks the signature of refunds and reconciliation against the keys that this app publishes; the real service fetches them from
/// <c>/payments/keys/payconiq</c>.
/// </summary>
internal sealed class SimulatorSignatures(
    IEnumerable<IPublishedKeys> published,
    IOptions<PayconiqOptions> shop,
    IOptions<PayconiqSimulatorOptions> options
)
{
    public bool IsSigned(HttpRequest request, byte[] body, bool isReconciliation)
    {
        var issuer = isReconciliation && shop.Value.MerchantId is { } merchant ? merchant : PayconiqCall.RequestIssuer;
        var header = request.Headers[PayconiqDefaults.SignatureHeader].ToString();
        if (
            CallbackSignature.Read(header, out _, issuer) is not { } signature
            || signature.Header.ProfileIds.Any(id => id != options.Value.ProfileId)
            || signature.Header.Path != request.PathBase.Add(request.Path).Value
        )
        {
            return false;
        }

        var set = published.FirstOrDefault(k => k.ProviderId == PayconiqDefaults.ProviderId)?.KeySet;
        return set is not null
            && JsonWebKeys
                .Read(Encoding.UTF8.GetBytes(set))[signature.Header.KeyId]
                .Any(key => signature.IsBy(key, body));
    }
}
