using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>The two spellings of an ES256 signature that occur: 64 bytes r‖s, as RFC 7518 has it, and DER.</summary>
internal static class Es256
{
    public const int Length = 64;

    /// <summary>Every reading of a signature as r‖s.</summary>
    public static IEnumerable<byte[]> Forms(byte[] signature)
    {
        if (signature.Length == Length)
        {
            yield return signature;
        }

        if (FromDer(signature) is { } converted)
        {
            yield return converted;
        }
    }

    // Strict DER by our own reader: what the platform's crypto library lets pass differs.
    private static byte[]? FromDer(byte[] der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var r = sequence.ReadInteger();
            var s = sequence.ReadInteger();
            sequence.ThrowIfNotEmpty();
            var result = new byte[Length];
            return Write(r, result.AsSpan(0, 32)) && Write(s, result.AsSpan(32)) ? result : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static bool Write(BigInteger value, Span<byte> target)
    {
        if (value.Sign <= 0 || value.GetByteCount(isUnsigned: true) > target.Length)
        {
            return false;
        }

        var length = value.GetByteCount(isUnsigned: true);
        return value.TryWriteBytes(target[(target.Length - length)..], out _, isUnsigned: true, isBigEndian: true);
    }
}
