using System.Text;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests.Fire;

/// <summary>Makes bad messages of good ones; the same seed makes the same message.</summary>
public sealed class Mutator(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A message that is not as Stripe sent it, or not when.</summary>
    /// <param name="body">The genuine body.</param>
    public (string Kind, byte[] Body, string? Signature) Forge(byte[] body)
    {
        var genuine = StripeWorld.Sign(body, Orders.Now);
        return _random.Next(10) switch
        {
            0 => ("a changed byte", Flip(body), genuine),
            1 => ("a shorter body", body[.._random.Next(body.Length)], genuine),
            2 => ("a longer body", [.. body, .. Noise(_random.Next(1, 2_000))], genuine),
            3 => ("an oversized body", [.. body, .. Noise(_random.Next(65_536, 200_000))], genuine),
            4 => ("a replay of long ago", body, StripeWorld.Sign(body, Orders.Now.AddSeconds(-Seconds()))),
            5 => ("a signature of times to come", body, StripeWorld.Sign(body, Orders.Now.AddSeconds(Seconds()))),
            6 => ("another secret", body, StripeWorld.Sign(body, Orders.Now, "whsec_" + Text(24))),
            7 => ("a changed signature", body, Change(genuine)),
            8 => ("another message's signature", body, StripeWorld.Sign(Flip(body), Orders.Now)),
            _ => ("no signature to speak of", body, _random.Next(4) == 0 ? null : Text(_random.Next(400))),
        };
    }

    /// <summary>What somebody with the secret could send: rightly signed, but not what Stripe sends.</summary>
    /// <param name="body">The genuine body.</param>
    public (byte[] Body, string Signature) Distort(byte[] body)
    {
        var distorted = _random.Next(4) switch
        {
            0 => Flip(body),
            1 => body[.._random.Next(body.Length)],
            2 => Noise(_random.Next(1, 5_000)),
            _ => Encoding.UTF8.GetBytes(new string('[', _random.Next(1, 5_000))),
        };
        return (distorted, StripeWorld.Sign(distorted, Orders.Now));
    }

    // Past the tolerance of 300 s.
    private int Seconds() => 301 + _random.Next(1_000_000);

    private byte[] Flip(byte[] body)
    {
        var changed = body.ToArray();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var at = _random.Next(changed.Length);
            changed[at] = (byte)(body[at] ^ _random.Next(1, 256));
        }

        return changed;
    }

    private string Change(string signature)
    {
        var at = _random.Next(signature.Length);
        var other = (char)_random.Next(33, 127);
        return other == signature[at] ? signature[..at] : $"{signature[..at]}{other}{signature[(at + 1)..]}";
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    private string Text(int length) => _random.GetString("abcdef0123456789tv=,. {}\"", length);
}
