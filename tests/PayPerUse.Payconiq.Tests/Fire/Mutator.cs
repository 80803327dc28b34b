using System.Text;

namespace PayPerUse.Payconiq.Tests.Fire;

/// <summary>What an attacker, a broken proxy or bad luck makes of a genuine callback; the same for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private const int BodyLimit = 64 * 1024;

    private readonly Random _random = new(seed);

    /// <summary>Makes a message that is genuine in no case.</summary>
    /// <param name="signature">A genuine signature header.</param>
    /// <param name="body">The body that it signs.</param>
    /// <param name="evil">Signs a header and body with another key.</param>
    public (string? Signature, byte[] Body) Next(string signature, byte[] body, Func<byte[], string> evil) =>
        _random.Next(14) switch
        {
            0 => (signature, Flip(body)),
            1 => (signature, body[.._random.Next(body.Length)]),
            2 => (signature, [.. body, .. Noise(1 + _random.Next(50))]),
            3 => (signature, Noise(_random.Next(2_000))),
            4 => (signature, Paid(body)),
            5 => (FlipSignature(signature), body),
            6 => (signature[.._random.Next(signature.Length)], body),
            7 => (Ascii(_random.Next(9_000)), body),
            8 => (null, body),
            9 => (signature.Replace("..", ".e30.", StringComparison.Ordinal), body),
            10 => (Header(signature, """{"typ":"jose+json","alg":"none","kid":"k1"}"""), body),
            11 => (evil(body), body),
            12 => (evil(Paid(body)), Paid(body)),
            _ => (signature, [.. body, .. new byte[BodyLimit]]),
        };

    private byte[] Flip(byte[] bytes)
    {
        var changed = bytes.ToArray();
        changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
        return changed;
    }

    // A change of the last sign may only touch bits that base64url leaves unused; canonical spelling refuses that as well.
    private string FlipSignature(string signature)
    {
        var changed = signature.ToCharArray();
        var i = _random.Next(changed.Length);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        return new string(changed);
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Ascii(int length) =>
        string.Create(
            length,
            _random,
            (span, random) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = (char)random.Next('!', '~');
                }
            }
        );

    /// <summary>Says that it is paid, or paid for something else.</summary>
    private byte[] Paid(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return Encoding.UTF8.GetBytes(
            text.Replace("EXPIRED", "SUCCEEDED", StringComparison.Ordinal)
                .Replace("\"amount\":100", $"\"amount\":{_random.Next(101, 100_000)}", StringComparison.Ordinal)
        );
    }

    private static string Header(string signature, string header) =>
        Signatures.Signer.Encode(Encoding.UTF8.GetBytes(header))
        + signature[signature.IndexOf('.', StringComparison.Ordinal)..];
}
