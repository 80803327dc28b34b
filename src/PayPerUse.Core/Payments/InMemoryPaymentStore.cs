using System.Collections.Immutable;
using PayPerUse.Credits;
using PayPerUse.Notices;

namespace PayPerUse.Payments;

/// <summary>Keeps payments in memory: for tests, demos and as the shortest example of a store. Gone when the process ends.</summary>
public sealed class InMemoryPaymentStore : IPaymentStore, IPaymentPages, IReversalCursors, IPaymentOutbox
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Payment> _payments = new(StringComparer.Ordinal);
    private readonly List<PaymentEvent> _events = [];
    private readonly Dictionary<long, PendingNotice> _notices = [];
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<Payment?> TryAddAsync(Payment payment, PaymentEvent first, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        lock (_gate)
        {
            var isTaken = _payments.Values.Any(p =>
                (payment.OpenKey is not null && p.OpenKey == payment.OpenKey)
                || (
                    payment.RequestKey is not null && p.Account == payment.Account && p.RequestKey == payment.RequestKey
                )
            );
            if (isTaken || _payments.ContainsKey(payment.Id))
            {
                return Task.FromResult<Payment?>(null);
            }

            return Task.FromResult<Payment?>(Save(payment, first));
        }
    }

    /// <inheritdoc />
    public Task<Payment?> TryUpdateAsync(Payment payment, PaymentEvent? change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        lock (_gate)
        {
            var isFresh = _payments.TryGetValue(payment.Id, out var kept) && kept.Version == payment.Version;
            return Task.FromResult(isFresh ? Save(payment, change) : null);
        }
    }

    /// <inheritdoc />
    public Task<Payment?> FindAsync(string id, CancellationToken cancellationToken) => Find(p => p.Id == id);

    /// <inheritdoc />
    public Task<Payment?> FindByProviderAsync(
        string provider,
        string providerPaymentId,
        CancellationToken cancellationToken
    ) => Find(p => p.Provider == provider && p.ProviderPaymentId == providerPaymentId);

    /// <inheritdoc />
    public Task<Payment?> FindByChargeAsync(string provider, string chargeId, CancellationToken cancellationToken) =>
        Find(p => p.Provider == provider && p.ChargeId == chargeId);

    /// <inheritdoc />
    public Task<Payment?> FindOpenAsync(string openKey, CancellationToken cancellationToken) =>
        Find(p => p.OpenKey == openKey);

    /// <inheritdoc />
    public Task<Payment?> FindByRequestKeyAsync(
        AccountId account,
        string requestKey,
        CancellationToken cancellationToken
    ) => Find(p => p.Account == account && p.RequestKey == requestKey);

    /// <inheritdoc />
    public Task<ImmutableArray<Payment>> ListAsync(AccountId account, int limit, CancellationToken cancellationToken) =>
        List(p => p.Account == account, limit);

    /// <inheritdoc />
    public Task<ImmutableArray<Payment>> ListAsync(
        PaymentStatus? status,
        int limit,
        CancellationToken cancellationToken
    ) => List(p => status is null || p.Status == status, limit);

    /// <inheritdoc />
    public Task<ImmutableArray<Payment>> ListBeforeAsync(
        IReadOnlyCollection<AccountId> accounts,
        PaymentPosition? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        List(
            p =>
                accounts.Contains(p.Account)
                && (
                    before is null
                    || p.CreatedAt < before.CreatedAt
                    || (p.CreatedAt == before.CreatedAt && string.CompareOrdinal(p.Id, before.Id) < 0)
                ),
            limit
        );

    /// <inheritdoc />
    public Task<ImmutableArray<Payment>> ListOwedAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(
                _payments
                    .Values.Where(p => p.Refunds.Owed > 0)
                    .OrderBy(p => p.CreatedAt)
                    .ThenBy(p => p.Id, StringComparer.Ordinal)
                    .Take(limit)
                    .ToImmutableArray()
            );
        }
    }

    /// <inheritdoc />
    public Task<long> CountOwedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_payments.Values.LongCount(p => p.Refunds.Owed > 0));
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<Payment>> FindDueAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            return Task.FromResult(
                _payments
                    .Values.Where(p => p.NextCheckAt <= now)
                    .OrderBy(p => p.NextCheckAt)
                    .Take(limit)
                    .ToImmutableArray()
            );
        }
    }

    /// <inheritdoc />
    public Task<long> CountAsync(PaymentStatus status, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_payments.Values.LongCount(p => p.Status == status));
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<PaymentEvent>> ReadEventsAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_events.Where(e => e.PaymentId == id).ToImmutableArray());
        }
    }

    /// <inheritdoc />
    public Task<string?> ReadCursorAsync(string feed, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_cursors.GetValueOrDefault(feed));
        }
    }

    /// <inheritdoc />
    public Task<bool> TryMoveCursorAsync(string feed, string? from, string to, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var isFresh = string.Equals(_cursors.GetValueOrDefault(feed), from, StringComparison.Ordinal);
            if (isFresh)
            {
                _cursors[feed] = to;
            }

            return Task.FromResult(isFresh);
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<PendingNotice>> FindDueNoticesAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
        {
            return Task.FromResult(
                _notices.Values.Where(n => n.DueAt <= now).OrderBy(n => n.DueAt).Take(limit).ToImmutableArray()
            );
        }
    }

    /// <inheritdoc />
    public Task<bool> TryMoveNoticeAsync(
        PendingNotice notice,
        DateTimeOffset? next,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(notice);
        lock (_gate)
        {
            var isFresh = _notices.TryGetValue(notice.Id, out var kept) && kept.DueAt == notice.DueAt;
            if (isFresh && next is { } later)
            {
                _notices[notice.Id] = notice with { DueAt = later };
            }
            else if (isFresh)
            {
                _notices.Remove(notice.Id);
            }

            return Task.FromResult(isFresh);
        }
    }

    private Task<ImmutableArray<Payment>> List(Func<Payment, bool> predicate, int limit)
    {
        lock (_gate)
        {
            return Task.FromResult(
                _payments
                    .Values.Where(predicate)
                    .OrderByDescending(p => p.CreatedAt)
                    .ThenByDescending(p => p.Id, StringComparer.Ordinal)
                    .Take(limit)
                    .ToImmutableArray()
            );
        }
    }

    private Task<Payment?> Find(Func<Payment, bool> predicate)
    {
        lock (_gate)
        {
            return Task.FromResult(_payments.Values.FirstOrDefault(predicate));
        }
    }

    private Payment Save(Payment payment, PaymentEvent? change)
    {
        var saved = payment with { Version = payment.Version + 1 };
        _payments[saved.Id] = saved;
        if (change is not null)
        {
            _events.Add(change with { Notice = null });
            if (change.Notice is not null)
            {
                _notices.Add(_events.Count, new PendingNotice(_events.Count, change, change.At));
            }
        }

        return saved;
    }
}
