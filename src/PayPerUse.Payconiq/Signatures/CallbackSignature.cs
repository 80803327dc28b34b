using System.Security.Cryptography;
using System.Text;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>
/// The detached JWS of a callback: <c>b64url(header)..b64url(signature)</c>, made over
/// <c>b64url(header) + "." + b64url(raw body)</c> with ES256.
/// </summary>
internal sealed class CallbackSignature
{
    // Genuine ones have some 700 characters.
    private const int MaxLength = 8192;

    private readonly string _protected;
    private readonly byte[] _signature;

    private CallbackSignature(string protectedHeader, byte[] signature, CallbackHeader header)
    {
        _protected = protectedHeader;
        _signature = signature;
        Header = header;
    }

    public CallbackHeader Header { get; }

    /// <summary>Reads a signature header; null, with a reason, when it is not one that Payconiq makes.</summary>
    public static CallbackSignature? Read(string text, out string? error, string issuer = "Payconiq")
    {
        if (text.Length > MaxLength)
        {
            error = "the signature header is too long";
            return null;
        }

        var parts = text.Split('.');
        if (parts is not [{ Length: > 0 } first, "", { Length: > 0 } last])
        {
            error = "the signature header is not a detached JWS";
            return null;
        }

        if (Base64UrlText.Decode(first) is not { } header || Base64UrlText.Decode(last) is not { } signature)
        {
            error = "the signature header is not canonical base64url";
            return null;
        }

        return CallbackHeader.Read(header, issuer, out error) is { } read
            ? new CallbackSignature(first, signature, read)
            : null;
    }

    /// <summary>Whether a key made this signature over a body.</summary>
    public bool IsBy(ECParameters key, ReadOnlySpan<byte> body)
    {
        var signed = Encoding.ASCII.GetBytes(_protected + "." + Base64UrlText.Encode(body));
        using var ecdsa = ECDsa.Create(key);
        return Es256
            .Forms(_signature)
            .Any(form =>
                ecdsa.VerifyData(
                    signed,
                    form,
                    HashAlgorithmName.SHA256,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                )
            );
    }
}
