using System.Collections.Immutable;
using PayPerUse.Payments;

namespace PayPerUse.Notices;

/// <summary>
/// The lines of payments' histories that the app has not heard of yet (<see cref="PaymentEvent.Notice"/>), saved together with
/// what they tell of.
/// </summary>
public interface IPaymentOutbox
{
    /// <summary>Finds notices whose time has come, oldest first.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<PendingNotice>> FindDueNoticesAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>Moves a notice to a later time, or off the list, unless somebody else has since it was read.</summary>
    /// <param name="notice">The notice as it was read.</param>
    /// <param name="next">When it is due again; null when it was given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> TryMoveNoticeAsync(PendingNotice notice, DateTimeOffset? next, CancellationToken cancellationToken);
}

/// <summary>A notice that must be given.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="Event">What happened.</param>
/// <param name="DueAt">When it is given next.</param>
public sealed record PendingNotice(long Id, PaymentEvent Event, DateTimeOffset DueAt);
