using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.EfCore.Payments;
using PayPerUse.Notices;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Notices;

/// <summary>The lines of <c>payment_events</c> that the app has not heard of yet.</summary>
internal sealed class EfPaymentOutbox(IContextSource contexts) : IPaymentOutbox
{
    public Task<ImmutableArray<PendingNotice>> FindDueNoticesAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        return contexts.RunAsync(async context =>
        {
            var rows = await context
                .Set<PaymentEventRow>()
                .AsNoTracking()
                .Where(e => e.NoticeAt <= milliseconds)
                .OrderBy(e => e.NoticeAt)
                .ThenBy(e => e.Id)
                .Take(limit)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return rows.Select(r => new PendingNotice(
                    r.Id,
                    r.ToEvent() with
                    {
                        Notice = (PaymentNoticeKind?)r.Notice,
                    },
                    DateTimeOffset.FromUnixTimeMilliseconds(r.NoticeAt!.Value)
                ))
                .ToImmutableArray();
        });
    }

    public Task<bool> TryMoveNoticeAsync(
        PendingNotice notice,
        DateTimeOffset? next,
        CancellationToken cancellationToken
    )
    {
        var from = notice.DueAt.ToUnixTimeMilliseconds();
        var to = next?.ToUnixTimeMilliseconds();
        return contexts.RunAsync(async context =>
            await context
                .Set<PaymentEventRow>()
                .Where(e => e.Id == notice.Id && e.NoticeAt == from)
                .ExecuteUpdateAsync(e => e.SetProperty(r => r.NoticeAt, to), cancellationToken)
                .ConfigureAwait(false) > 0
        );
    }
}
