using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>Saves a changed payment together with the line of its history, and tells logs, metrics and listeners.</summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="options">Whether the app wants to hear of changes.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of changes.</param>
public sealed class PaymentJournal(
    IPaymentStore store,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<PaymentJournal> logger
)
{
    /// <summary>Raised after a payment changed on this host, with its status or its money that went back.</summary>
    public event EventHandler<PaymentChangedEventArgs>? Changed;

    /// <summary>
    /// Saves a payment, with a line of history when its status or its money changed, or when a person did something.
    /// </summary>
    /// <param name="before">The payment as it was read.</param>
    /// <param name="after">The payment as it must be.</param>
    /// <param name="trigger">What made us look.</param>
    /// <param name="detail">What a person should know.</param>
    /// <param name="by">Who did it, when a person or the app did.</param>
    /// <returns>The saved payment; null when another was first.</returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    public async Task<Payment?> SaveAsync(
        Payment before,
        Payment after,
        PaymentTrigger trigger,
        string? detail = null,
        string? by = null
    )
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var isChanged =
            before.Status != after.Status
            || before.Refunded != after.Refunded
            || before.Disputed != after.Disputed
            || by is not null;
        var change = isChanged
            ? new PaymentEvent(
                before.Id,
                before.Status,
                after.Status,
                trigger,
                DetailOf(before, after, detail),
                clock.GetUtcNowInMilliseconds(),
                by
            )
            {
                Notice = options.Value.HasCreditEvents ? NoticeOf(before, after) : null,
            }
            : null;
        var saved = await store.TryUpdateAsync(after, change, CancellationToken.None).ConfigureAwait(false);
        if (saved is not null && isChanged)
        {
            Tell(before, saved, trigger);
        }

        return saved;
    }

    private static PaymentNoticeKind? NoticeOf(Payment before, Payment after) =>
        before.Status != after.Status && after.Status == PaymentStatus.Review ? PaymentNoticeKind.Review
        : before.GrantedAt is null && after.IsGranted ? PaymentNoticeKind.Paid
        : before.Refunded != after.Refunded || before.Disputed != after.Disputed ? PaymentNoticeKind.Refunded
        : null;

    private void Tell(Payment before, Payment saved, PaymentTrigger trigger)
    {
        if (before.Status != saved.Status)
        {
            PaymentLog.StatusChanged(logger, saved.Id, before.Status, saved.Status, trigger);
            PayPerUseMetrics.PaymentStatusChanged(saved.Provider, saved.Status);
        }

        try
        {
            Changed?.Invoke(this, new PaymentChangedEventArgs(saved));
        }
        catch (Exception e)
        {
            // The change is saved: whoever listens, the settlement goes on.
            PaymentLog.ListenerFailed(logger, saved.Id, e);
        }
    }

    private static string? DetailOf(Payment before, Payment after, string? detail)
    {
        var money =
            before.Refunded == after.Refunded && before.Disputed == after.Disputed
                ? null
                : $"refunded {Text(after.Refunded)}, disputed {Text(after.Disputed)} of {after.Price}";
        return (money, detail) switch
        {
            (null, _) => detail,
            (_, null) => money,
            _ => $"{money}; {detail}",
        };
    }

    private static string Text(Money? money) => money?.ToString() ?? "nothing";
}

/// <summary>Tells which payment changed.</summary>
/// <param name="payment">The payment as it stands now.</param>
public sealed class PaymentChangedEventArgs(Payment payment) : EventArgs
{
    /// <summary>The payment as it stands now.</summary>
    public Payment Payment { get; } = payment;
}
