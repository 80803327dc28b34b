using System.Security.Cryptography;

namespace PayPerUse.Credits;

/// <summary>Random ids, as unguessable as <see cref="Guid.NewGuid"/>'s.</summary>
/// <remarks>
/// Every call of <see cref="Guid.NewGuid"/> asks the operating system, which costs more than the rest of a command in memory.
/// Here each thread asks for the randomness of many ids at once.
/// </remarks>
internal static class RandomIds
{
    private const int GuidBytes = 16;
    private const int Ahead = 64;

    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    /// <summary>A version 4 GUID (RFC 9562).</summary>
    public static Guid NewGuid()
    {
        var random = _random ??= new byte[Ahead * GuidBytes];
        if (_used % random.Length == 0)
        {
            RandomNumberGenerator.Fill(random);
            _used = 0;
        }

        var bytes = random.AsSpan(_used, GuidBytes);
        _used += GuidBytes;
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var id = new Guid(bytes, bigEndian: true);

        // What was given out is not kept.
        bytes.Clear();
        return id;
    }
}
