using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>Our own keys, as settings hold them: PEM, on P-256.</summary>
internal static class SigningKeys
{
    /// <summary>Reads a key. Settings of one line may write its line breaks as <c>\n</c>.</summary>
    public static bool TryRead(string pem, bool mustBePrivate, [NotNullWhen(true)] out ECDsa? key)
    {
        key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem.Replace("\\n", "\n", StringComparison.Ordinal));
            if (IsOnP256(key) && (!mustBePrivate || key.ExportParameters(includePrivateParameters: true).D is not null))
            {
                return true;
            }
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // Not a key, or only its public part.
        }

        key.Dispose();
        key = null;
        return false;
    }

    /// <summary>The key's id: its thumbprint (RFC 7638), so that the same key always has the same.</summary>
    public static string IdOf(ECParameters key) =>
        Base64UrlText.Encode(
            SHA256.HashData(
                Encoding.ASCII.GetBytes(
                    $$"""{"crv":"P-256","kty":"EC","x":"{{Base64UrlText.Encode(key.Q.X)}}","y":"{{Base64UrlText.Encode(
                        key.Q.Y
                    )}}"}"""
                )
            )
        );

    private static bool IsOnP256(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid is { } curve
        && (curve.Value == "1.2.840.10045.3.1.7" || curve.FriendlyName is "nistP256" or "ECDSA_P256");
}
