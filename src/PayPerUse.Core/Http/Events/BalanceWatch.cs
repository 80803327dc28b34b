using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Http.Events;

/// <summary>Finds out about changes by other hosts: one cheap query for all watched accounts together, and none when nobody watches.</summary>
internal sealed class BalanceWatch(
    BalanceStreams streams,
    IOptions<PayPerUseHttpOptions> options,
    TimeProvider clock,
    ILogger<BalanceWatch> logger,
    ICreditVersions? versions = null
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (versions is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.WatchInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await LookAsync(versions, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
    }

    private async Task LookAsync(ICreditVersions source, CancellationToken cancellationToken)
    {
        var watched = streams.Watched();
        if (watched.Count == 0)
        {
            return;
        }

        try
        {
            streams.Compare(await source.ReadVersionsAsync(watched, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            HttpLog.WatchFailed(logger, e);
        }
    }
}
