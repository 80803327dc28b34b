using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;
using PayPerUse.Payments;

namespace PayPerUse.Notices;

/// <summary>
/// Gives the app its notices. A notice is claimed by moving its time, given, and only then taken off the list: a crash in between
/// gives it again. Runs only where <c>AddCreditEvents</c> was called.
/// </summary>
/// <param name="scopes">Where handlers live.</param>
/// <param name="payments">Where payments are kept.</param>
/// <param name="outbox">Notices of payments.</param>
/// <param name="watch">Notices low balances.</param>
/// <param name="options">How often.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
/// <param name="alerts">Notices of low balances.</param>
public sealed class CreditEventsWorker(
    IServiceScopeFactory scopes,
    IPaymentStore payments,
    IPaymentOutbox outbox,
    LowBalanceWatch watch,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<CreditEventsWorker> logger,
    ILowBalanceAlerts? alerts = null
) : BackgroundService
{
    // Longer than any handler should take; a notice that failed waits as long at least.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromHours(1);

    /// <summary>Gives every notice that is due, up to the sweep's number of each kind.</summary>
    /// <param name="cancellationToken">Ends between two notices.</param>
    /// <returns>How many were given.</returns>
    /// <exception cref="PayPerUseException">A store did not answer.</exception>
    public async Task<int> DeliverAsync(CancellationToken cancellationToken)
    {
        watch.Start();
        await watch.LookAsync(cancellationToken).ConfigureAwait(false);
        var given = 0;
        var limit = options.Value.Sweep.BatchSize;
        var notices = await outbox
            .FindDueNoticesAsync(clock.GetUtcNow(), limit, cancellationToken)
            .ConfigureAwait(false);
        foreach (var notice in notices)
        {
            given += await GiveAsync(notice, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        if (alerts is not null && options.Value.LowBalance is not null)
        {
            var due = await alerts
                .FindDueAlertsAsync(clock.GetUtcNow(), limit, cancellationToken)
                .ConfigureAwait(false);
            foreach (var alert in due)
            {
                given += await GiveAsync(alert, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        return given;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.HasCreditEvents)
        {
            return;
        }

        watch.Start();
        using var timer = new PeriodicTimer(options.Value.Sweep.Interval, clock);
        try
        {
            do
            {
                try
                {
                    await DeliverAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    NoticeLog.DeliveryFailed(logger, e);
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    private async Task<bool> GiveAsync(PendingNotice notice, CancellationToken cancellationToken)
    {
        var claimed = notice with { DueAt = NextOf(notice.Event.At) };
        if (
            !await outbox.TryMoveNoticeAsync(notice, claimed.DueAt, cancellationToken).ConfigureAwait(false)
            || await payments.FindAsync(notice.Event.PaymentId, cancellationToken).ConfigureAwait(false)
                is not { } payment
        )
        {
            return false;
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"payment:{payment.Id}:{notice.Id}");
        var told = new PaymentNotice(id, payment, notice.Event.At);

        // What is set here ends with this method.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureOf(payment);
        return await TryHandleAsync(
                    id,
                    handler =>
                        notice.Event.Notice switch
                        {
                            PaymentNoticeKind.Paid => handler.PaidAsync(told, cancellationToken),
                            PaymentNoticeKind.Refunded => handler.RefundedAsync(told, cancellationToken),
                            PaymentNoticeKind.Review => handler.ReviewAsync(told, cancellationToken),
                            _ => Task.CompletedTask,
                        }
                )
                .ConfigureAwait(false)
            && await outbox.TryMoveNoticeAsync(claimed, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> GiveAsync(LowBalanceAlert alert, CancellationToken cancellationToken)
    {
        var claimed = alert with { DueAt = NextOf(alert.RaisedAt) };
        if (!await alerts!.TryMoveAlertAsync(alert, claimed.DueAt, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var id = $"low:{alert.Account}:{alert.RaisedAt.ToUnixTimeMilliseconds()}";
        var told = new LowBalanceNotice(id, alert.Account, alert.Balance, alert.RaisedAt);
        return await TryHandleAsync(id, handler => handler.LowBalanceAsync(told, cancellationToken))
                .ConfigureAwait(false)
            && await alerts.TryMoveAlertAsync(claimed, null, cancellationToken).ConfigureAwait(false);
    }

    private static CultureInfo CultureOf(Payment payment)
    {
        try
        {
            return CultureInfo.GetCultureInfo(payment.Language ?? "");
        }
        catch (CultureNotFoundException)
        {
            return CultureInfo.InvariantCulture;
        }
    }

    private async Task<bool> TryHandleAsync(string eventId, Func<ICreditEvents, Task> handle)
    {
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                foreach (var handler in scope.ServiceProvider.GetServices<ICreditEvents>())
                {
                    await handle(handler).ConfigureAwait(false);
                }
            }

            return true;
        }
        catch (Exception e)
        {
            // Given again when its claim ends.
            NoticeLog.HandlerFailed(logger, eventId, e);
            return false;
        }
    }

    /// <summary>Soon at first, then seldom: a handler that is broken for a day is not called all day.</summary>
    private DateTimeOffset NextOf(DateTimeOffset since)
    {
        var now = clock.GetUtcNowInMilliseconds();
        var wait = TimeSpan.FromTicks(Math.Clamp((now - since).Ticks / 2, Claim.Ticks, MaxWait.Ticks));
        return CreditTime.Floor(now + wait);
    }
}
