using System.Diagnostics;
using System.Globalization;

namespace PayPerUse.Benchmarks;

/// <summary>Runs rivals in turns (A B A B …), so that a noisy machine is noisy for both, and compares medians.</summary>
internal static class Turns
{
    public static async Task<(double A, double B)> TakeAsync(
        string name,
        int rounds,
        Func<Task<double>> a,
        Func<Task<double>> b
    )
    {
        var left = new List<double>();
        var right = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            left.Add(await a());
            right.Add(await b());
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {name} {round + 1}/{rounds}: {left[^1]:N0} | {right[^1]:N0}"
                )
            );
        }

        return (Median(left), Median(right));
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>How many times a second <paramref name="callers"/> callers get through the work, after a warm-up.</summary>
    public static async Task<double> RateAsync(
        int callers,
        TimeSpan duration,
        Func<int, CancellationToken, Task> work,
        TimeSpan? warmUp = null
    )
    {
        var counts = new long[callers * 16];
        var isCounting = false;
        using var stop = new CancellationTokenSource();
        var tasks = Enumerable
            .Range(0, callers)
            .Select(caller =>
                Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await work(caller, CancellationToken.None);
                        if (Volatile.Read(ref isCounting))
                        {
                            counts[caller * 16]++;
                        }
                    }
                })
            )
            .ToArray();
        await Task.Delay(warmUp ?? TimeSpan.FromSeconds(1));
        Volatile.Write(ref isCounting, true);
        var watch = Stopwatch.StartNew();
        await Task.Delay(duration);
        Volatile.Write(ref isCounting, false);
        var elapsed = watch.Elapsed;
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        return counts.Sum() / elapsed.TotalSeconds;
    }

    /// <summary>The median time of one lone call, in microseconds.</summary>
    public static async Task<double> LatencyAsync(int calls, Func<Task> work)
    {
        for (var i = 0; i < calls / 5; i++)
        {
            await work();
        }

        var times = new List<double>(calls);
        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return Median(times);
    }
}
