using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Diagnostics;

namespace PayPerUse.Answers;

/// <summary>Removes kept answers that have expired.</summary>
/// <remarks>Readers never need it: an expired answer is not given. It begins when this host first has an answer to keep.</remarks>
/// <param name="store">Where they are kept.</param>
/// <param name="options">Whether this host sweeps, and how many at once.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class AnswerSweep(
    IAnswerStore store,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<AnswerSweep> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly TaskCompletionSource _needed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that this host keeps answers, so that an app that keeps none needs no table for them.</summary>
    public void Begin() => _needed.TrySetResult();

    /// <summary>Removes all that has expired by now.</summary>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var batch = options.Value.Sweep.BatchSize;
        var removed = 0;
        for (var last = batch; last == batch; removed += last)
        {
            last = await store.SweepAsync(clock.GetUtcNow(), batch, cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Sweep.Enabled)
        {
            return;
        }

        try
        {
            await _needed.Task.WaitAsync(stoppingToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                await TrySweepAsync(stoppingToken).ConfigureAwait(false);
            } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    private async Task TrySweepAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SweepAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            AnswerLog.SweepFailed(logger, e);
        }
    }
}
