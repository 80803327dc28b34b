using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>The sweeper: settles payments whose message never came and credits on which something is due, and trims logs.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="journal">Saves what changes.</param>
/// <param name="providers">Who can be asked.</param>
/// <param name="settler">Settles one payment.</param>
/// <param name="feeds">Reads what providers list.</param>
/// <param name="sweep">Settles due credits and trims their logs.</param>
/// <param name="options">How often.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
/// <param name="app">The app, where the host has one: sweeping begins once it has started.</param>
public sealed class ReconciliationWorker(
    IPaymentStore store,
    PaymentJournal journal,
    PaymentProviders providers,
    PaymentSettler settler,
    ReversalFeeds feeds,
    CreditSweep sweep,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<ReconciliationWorker> logger,
    IHostApplicationLifetime? app = null
) : BackgroundService
{
    // Enough to get through a backlog, few enough not to be a flood at a provider.
    private const int MaxAtOnce = 4;

    /// <summary>Looks once at every payment that is due, up to the option's number.</summary>
    /// <param name="cancellationToken">Ends the sweep between two payments.</param>
    /// <returns>How many were looked at by this host.</returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    public async Task<int> SweepPaymentsAsync(CancellationToken cancellationToken)
    {
        var due = await store
            .FindDueAsync(clock.GetUtcNow(), options.Value.Sweep.BatchSize, cancellationToken)
            .ConfigureAwait(false);
        var looked = 0;
        await Parallel
            .ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
                async (payment, token) =>
                {
                    if (await TrySettleAsync(payment, token).ConfigureAwait(false))
                    {
                        Interlocked.Increment(ref looked);
                    }
                }
            )
            .ConfigureAwait(false);
        return looked;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Sweep.Enabled)
        {
            return;
        }

        await StartedAsync(stoppingToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(options.Value.Sweep.Interval, clock);
        do
        {
            await GuardAsync(() => feeds.ReadAsync(stoppingToken)).ConfigureAwait(false);
            await GuardAsync(() => SweepPaymentsAsync(stoppingToken)).ConfigureAwait(false);
            await GuardAsync(() => sweep.SweepAsync(stoppingToken)).ConfigureAwait(false);
            await GuardAsync(() => sweep.TrimAsync(stoppingToken)).ConfigureAwait(false);
        } while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false));
    }

    /// <summary>A provider inside this app, such as a simulated one, answers once the server listens.</summary>
    private async Task StartedAsync(CancellationToken stoppingToken)
    {
        if (app is null)
        {
            return;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = app.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> TrySettleAsync(Payment payment, CancellationToken cancellationToken)
    {
        try
        {
            // Claimed by moving its next look: of several hosts only one wins, and a crash only delays the next look.
            var now = clock.GetUtcNowInMilliseconds();
            if (providers.FindFor(payment) is null)
            {
                await LeaveAsync(payment, now).ConfigureAwait(false);
                return false;
            }

            var claimed = await store
                .TryUpdateAsync(
                    payment with
                    {
                        NextCheckAt = PaymentJudgement.NextCheckOf(payment, now),
                    },
                    null,
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (claimed is null)
            {
                return false;
            }

            await settler.SettleAsync(payment.Id, PaymentTrigger.Sweep, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever one payment's provider does, it holds up no other payment.
            PaymentLog.SettleFailed(logger, payment.Id, payment.Provider, e);
            return false;
        }
    }

    private async Task LeaveAsync(Payment payment, DateTimeOffset now)
    {
        var left = PaymentJudgement.OfOutOfReach(payment, now);
        var saved = await journal
            .SaveAsync(
                payment,
                left,
                PaymentTrigger.Sweep,
                $"nobody to ask: this app has no '{payment.Provider}' of the {payment.Mode} mode"
            )
            .ConfigureAwait(false);
        if (saved is { NextCheckAt: null })
        {
            PaymentLog.OutOfReach(logger, payment.Id, payment.Provider, payment.Mode);
        }
    }

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
        catch (Exception e)
        {
            PaymentLog.SweepFailed(logger, e);
        }
    }
}
