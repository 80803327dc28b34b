using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Notices;

/// <summary>
/// What an app wants to hear, after it is durable: to mail a receipt, to warn a customer, to call a person. Add with
/// <c>AddCreditEvents</c>; made in a scope of its own for each notice. Each notice is given at least once, also after a crash: one
/// that throws is given again later, so a handler that must not act twice remembers <c>EventId</c>.
/// What is told of a payment is told in the language of its order: that is the current culture, or the invariant one where the order
/// has none.
/// </summary>
public interface ICreditEvents
{
    /// <summary>A payment was paid and its credits are granted.</summary>
    /// <param name="notice">Which.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Money of a payment went back, by refund or dispute, or came back to us; <see cref="Payment.Refunded"/> and
    /// <see cref="Payment.Disputed"/> tell how it stands.
    /// </summary>
    /// <param name="notice">Which.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    Task RefundedAsync(PaymentNotice notice, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A payment waits for a person.</summary>
    /// <param name="notice">Which.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    Task ReviewAsync(PaymentNotice notice, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// An account's balance has come down to <see cref="PayPerUseOptions.LowBalance"/> or below; told again only after it was
    /// above.
    /// </summary>
    /// <param name="notice">Which.</param>
    /// <param name="cancellationToken">The host is stopping.</param>
    Task LowBalanceAsync(LowBalanceNotice notice, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Something happened to a payment.</summary>
/// <param name="EventId">The same every time this notice is given.</param>
/// <param name="Payment">The payment as it stands now, which may be later than what happened.</param>
/// <param name="At">When it happened.</param>
public sealed record PaymentNotice(string EventId, Payment Payment, DateTimeOffset At);

/// <summary>An account is running low.</summary>
/// <param name="EventId">The same every time this notice is given.</param>
/// <param name="Account">Which account.</param>
/// <param name="Balance">Its balance when that was noticed.</param>
/// <param name="At">When it was noticed.</param>
public sealed record LowBalanceNotice(string EventId, AccountId Account, long Balance, DateTimeOffset At);
