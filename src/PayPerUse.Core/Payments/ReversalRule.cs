namespace PayPerUse.Payments;

/// <summary>How many credits are taken back when money went back: a pure function.</summary>
public static class ReversalRule
{
    /// <summary>
    /// How many of a payment's credits must be taken back: the whole credits that the money is worth, all of them when all of it
    /// went back. A refund and a dispute together never count for more than what was paid.
    /// </summary>
    /// <param name="credits">How many credits were granted.</param>
    /// <param name="paid">What was paid, in minor units; at least 1.</param>
    /// <param name="reversed">What went back, in minor units; 0 or more.</param>
    public static long TargetOf(long credits, long paid, long reversed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(credits);
        ArgumentOutOfRangeException.ThrowIfLessThan(paid, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(reversed);
        return reversed >= paid ? credits : (long)((Int128)credits * reversed / paid);
    }

    /// <summary>
    /// The largest sum whose reversal takes back at most a number of credits, and exactly that number where the price has cents
    /// enough for it.
    /// </summary>
    /// <param name="credits">How many credits were granted.</param>
    /// <param name="paid">What was paid, in minor units; at least 1.</param>
    /// <param name="target">How many credits may be taken back in all; 0 up to <paramref name="credits"/>.</param>
    public static long ReversedFor(long credits, long paid, long target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(credits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(paid, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        if (target >= credits)
        {
            return paid;
        }

        // A fair price for them, up to the next cent; one cent less where that cent is worth more than one credit.
        var fair = (long)(((Int128)paid * target + credits - 1) / credits);
        return TargetOf(credits, paid, fair) <= target ? fair : fair - 1;
    }
}
