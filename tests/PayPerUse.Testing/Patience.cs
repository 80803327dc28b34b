using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PayPerUse.Testing;

/// <summary>Waits for what happens by itself, and never for ever: a test that waits for what can't come must fail, and say so.</summary>
public static class Patience
{
    /// <summary>Longer than a busy machine needs for anything that a test waits for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Tries, a moment apart, that the caller leaves when what it waits for is there.</summary>
    /// <param name="what">What is waited for, as the failure names it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come within <see cref="Limit"/>.</exception>
    public static async IAsyncEnumerable<int> TriesAsync(
        string what,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        for (var tries = 1; Stopwatch.GetElapsedTime(start) < Limit; tries++)
        {
            yield return tries;
            await Task.Delay(Step, cancellationToken);
        }

        throw new TimeoutException($"{what} did not come within {Limit.TotalMinutes} minutes.");
    }
}
