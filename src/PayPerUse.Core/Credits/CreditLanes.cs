using System.Runtime.InteropServices;

namespace PayPerUse.Credits;

/// <summary>Which lane an account takes: the same on every host, so that two hosts rarely wait for one another's locks.</summary>
internal static class CreditLanes
{
    /// <summary>FNV-1a over the UTF-16 code units: stable across processes, unlike <see cref="string.GetHashCode()"/>.</summary>
    public static int LaneOf(AccountId account, int lanes)
    {
        var hash = 2166136261u;
        foreach (var unit in MemoryMarshal.Cast<char, ushort>(account.Value.AsSpan()))
        {
            hash = (hash ^ unit) * 16777619u;
        }

        // FNV's low bits are weak: fold the high ones in before taking the remainder.
        return (int)((hash ^ (hash >> 16)) % (uint)lanes);
    }
}
