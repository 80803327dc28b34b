using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>
/// Reads what providers list of refunds and disputes, for messages that never came. A notice only makes its payment due, which is
/// saved before the cursor moves: a crash repeats a page and loses nothing.
/// </summary>
/// <param name="store">Where payments are kept.</param>
/// <param name="cursors">How far was read.</param>
/// <param name="providers">Who lists.</param>
/// <param name="options">How often.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where it tells of failures.</param>
public sealed class ReversalFeeds(
    IPaymentStore store,
    IReversalCursors cursors,
    PaymentProviders providers,
    IOptions<PayPerUseOptions> options,
    TimeProvider clock,
    ILogger<ReversalFeeds> logger
)
{
    // A backlog is read in several sweeps, so that one provider cannot hold up the others.
    private const int MaxPages = 10;
    private const int MaxTries = 10;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _readAt = new(StringComparer.Ordinal);

    /// <summary>Reads every feed whose time has come.</summary>
    /// <param name="cancellationToken">Ends between two payments.</param>
    /// <returns>How many payments were made due.</returns>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    public async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        var due = 0;
        foreach (var provider in providers.All)
        {
            var now = clock.GetUtcNow();
            var name = NameOf(provider);
            if (
                provider is not IReversalFeed { IsReadable: true } feed
                || (_readAt.TryGetValue(name, out var readAt) && now - readAt < options.Value.Sweep.FeedInterval)
            )
            {
                continue;
            }

            _readAt[name] = now;
            try
            {
                due += await ReadAsync(provider, feed, name, cancellationToken).ConfigureAwait(false);
            }
            catch (PaymentProviderException e)
            {
                PaymentLog.FeedFailed(logger, provider.Id, e);
            }
        }

        return due;
    }

    private async Task<int> ReadAsync(
        IPaymentProvider provider,
        IReversalFeed feed,
        string name,
        CancellationToken cancellationToken
    )
    {
        var due = 0;
        var cursor = await cursors.ReadCursorAsync(name, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < MaxPages; i++)
        {
            var page = await feed.ReadReversalsAsync(cursor, cancellationToken).ConfigureAwait(false);
            foreach (var notice in page.Notices)
            {
                due += await TakeAsync(provider, notice, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }

            // Another host that read the same page has done the same.
            if (
                !string.Equals(page.Cursor, cursor, StringComparison.Ordinal)
                && !await cursors.TryMoveCursorAsync(name, cursor, page.Cursor, cancellationToken).ConfigureAwait(false)
            )
            {
                return due;
            }

            cursor = page.Cursor;
            if (!page.HasMore)
            {
                return due;
            }
        }

        return due;
    }

    private async Task<bool> TakeAsync(
        IPaymentProvider provider,
        ReversalNotice notice,
        CancellationToken cancellationToken
    )
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var payment = await store
                .FindAsync(provider.Id, notice.PaymentId, notice.ProviderPaymentId, notice.ChargeId, cancellationToken)
                .ConfigureAwait(false);

            // One that is not granted yet hears of its refunds when it is.
            if (
                payment is null
                || payment.Mode != provider.Mode
                || (payment is { IsGranted: false, GrantedAt: null } && notice.Refund is null)
            )
            {
                return false;
            }

            if (notice.Refund is { } one && payment.Refunds.IsFullFor(one))
            {
                // One payment of that kind must not hold up the list for all others.
                PaymentLog.TooManyRefunds(
                    logger,
                    payment.Id,
                    PaymentRefunds.MaxCount,
                    one.ProviderRefundId,
                    one.Amount
                );
                return false;
            }

            var now = clock.GetUtcNowInMilliseconds();
            var refunds = notice.Refund is { } said
                ? payment.Refunds.With(said, NewIdOf(payment), now)
                : payment.Refunds;
            if (notice.Refund is not null && refunds.Equals(payment.Refunds))
            {
                return false;
            }

            if (payment.NextCheckAt <= now && refunds.Equals(payment.Refunds))
            {
                return true;
            }

            var saved = await store
                .TryUpdateAsync(
                    payment with
                    {
                        Refunds = refunds,
                        NextCheckAt = payment.NextCheckAt < now ? payment.NextCheckAt : now,
                    },
                    null,
                    cancellationToken
                )
                .ConfigureAwait(false);
            if (saved is not null)
            {
                return true;
            }
        }

        throw new PaymentStoreException("A payment keeps changing while its refund is being noted.");
    }

    private static string NewIdOf(Payment payment) => PaymentRefunds.IdOf(payment, payment.Refunds.Count + 1);

    internal static string NameOf(IPaymentProvider provider) =>
        $"{provider.Id}/{(provider.Mode == PaymentMode.Live ? "live" : "test")}";
}
