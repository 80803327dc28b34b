using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>Money that goes back: refunds that we ask for or that are made in the portal, and disputes.</summary>
public sealed partial class ScriptedProvider
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, ProviderRefund>> _refunds = new();
    private readonly ConcurrentDictionary<string, long> _disputed = new();
    private readonly ConcurrentDictionary<string, long> _contested = new();
    private readonly ConcurrentQueue<ReversalNotice> _notices = new();
    private int _refundStarts;

    /// <summary>Whether asking for a payment tells the sums that went back, as Stripe does and Payconiq does not.</summary>
    public bool TellsReversals { get; set; } = true;

    /// <summary>Whether refunds can be asked for.</summary>
    public bool MayRefund { get; set; } = true;

    /// <summary>Whether what went back is listed.</summary>
    public bool IsReadable { get; set; } = true;

    public TimeSpan RefundKeyTime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How a new refund stands at first.</summary>
    public PaymentRefundStatus NewRefund { get; set; } = PaymentRefundStatus.Succeeded;

    /// <summary>Runs before a refund takes effect; may throw or wait.</summary>
    public Func<PaymentRefund, Task>? BeforeRefund { get; set; }

    /// <summary>Runs after a refund took effect and before its answer arrives; may throw or wait.</summary>
    public Func<PaymentRefund, Task>? AfterRefund { get; set; }

    public int RefundStarts => _refundStarts;

    /// <summary>What is still at the provider of a payment, in minor units.</summary>
    public long KeptOf(Payment payment)
    {
        var isPaid = _byReference.TryGetValue(payment.Id, out var found) && found.Status == ProviderPaymentStatus.Paid;
        return isPaid ? found!.Amount.Amount - RefundedOf(payment.Id) - _disputed.GetValueOrDefault(payment.Id) : 0;
    }

    public string? RefuseRefund(Payment payment, Money amount) => MayRefund ? null : "refunds are not activated.";

    public async Task<ProviderRefund> StartRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _refundStarts);
        if (BeforeRefund is { } before)
        {
            await before(refund);
        }

        ProviderRefund made;
        lock (_refunds)
        {
            var known = RefundsOf(payment.Id).Values.FirstOrDefault(r => r.Reference == refund.Id);
            if (known is null && refund.Amount.Amount > KeptOf(payment))
            {
                throw new PaymentProviderException(Id, PaymentProviderFailure.Rejected, "There is not that much left.");
            }

            made = known ?? Add(payment.Id, refund.Amount.Amount, NewRefund, refund.Id);
        }

        if (AfterRefund is { } after)
        {
            await after(refund);
        }

        return made;
    }

    public Task<ProviderRefund?> FindRefundAsync(
        Payment payment,
        PaymentRefund refund,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult(
            RefundsOf(payment.Id)
                .Values.FirstOrDefault(r => r.ProviderRefundId == refund.ProviderRefundId || r.Reference == refund.Id)
        );

    /// <summary>One page holds one notice, so that every page boundary is met.</summary>
    public Task<ReversalPage> ReadReversalsAsync(string? cursor, CancellationToken cancellationToken)
    {
        var at = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        var notices = _notices.Skip(at).Take(1).ToImmutableArray();
        var next = at + notices.Length;
        return Task.FromResult(
            new ReversalPage(notices, next.ToString(CultureInfo.InvariantCulture), next < _notices.Count)
        );
    }

    public string Rewind(string cursor, DateTimeOffset to) => "0";

    /// <summary>A refund that is made in the provider's portal.</summary>
    public string Refund(string paymentId, long cents, PaymentRefundStatus status = PaymentRefundStatus.Succeeded)
    {
        lock (_refunds)
        {
            return Add(paymentId, cents, status, null).ProviderRefundId;
        }
    }

    /// <summary>A refund ends otherwise than it began.</summary>
    public void EndRefund(string paymentId, string refundId, PaymentRefundStatus status)
    {
        lock (_refunds)
        {
            Keep(paymentId, RefundsOf(paymentId)[refundId] with { Status = status });
        }
    }

    /// <summary>Every refund of a payment fails after all; false when there is none that could.</summary>
    public bool FailRefunds(string paymentId)
    {
        lock (_refunds)
        {
            var alive = RefundsOf(paymentId).Values.Where(r => r.Status != PaymentRefundStatus.Failed).ToArray();
            foreach (var refund in alive)
            {
                Keep(paymentId, refund with { Status = PaymentRefundStatus.Failed });
            }

            return alive.Length > 0;
        }
    }

    public bool IsPaid(string paymentId) =>
        _byReference.TryGetValue(paymentId, out var found) && found.Status == ProviderPaymentStatus.Paid;

    public long DisputedOf(string paymentId) => _disputed.GetValueOrDefault(paymentId);

    /// <summary>Ends a payment that is pending, as the customer and the clock allow.</summary>
    public bool TryEnd(string paymentId, ProviderPaymentStatus status)
    {
        Expire();
        if (!_byReference.TryGetValue(paymentId, out var found) || found.Status != ProviderPaymentStatus.Pending)
        {
            return false;
        }

        Set(paymentId, status);
        return true;
    }

    private void Expire()
    {
        foreach (var (id, payment) in _byReference)
        {
            if (payment.Status == ProviderPaymentStatus.Pending && payment.ExpiresAt <= clock.GetUtcNow())
            {
                Set(id, ProviderPaymentStatus.Expired);
            }
        }
    }

    /// <summary>What the customer's bank holds now, and what it merely asks about.</summary>
    public void Dispute(string paymentId, long withdrawn, long contested = 0)
    {
        _disputed[paymentId] = withdrawn;
        _contested[paymentId] = contested;
        _notices.Enqueue(new ReversalNotice { ChargeId = "charge-" + paymentId });
    }

    private ProviderPayment WithReversals(ProviderPayment payment) =>
        TellsReversals
            ? payment with
            {
                Reversals = new ProviderReversals
                {
                    Refunded = Of(RefundedOf(payment.Reference!)),
                    Disputed = Of(_disputed.GetValueOrDefault(payment.Reference!)),
                    Contested = Of(_contested.GetValueOrDefault(payment.Reference!)),
                },
            }
            : payment;

    private long RefundedOf(string paymentId) =>
        RefundsOf(paymentId)
            .Values.Where(r => r.Status is PaymentRefundStatus.Pending or PaymentRefundStatus.Succeeded)
            .Sum(r => r.Amount.Amount);

    private ConcurrentDictionary<string, ProviderRefund> RefundsOf(string paymentId) =>
        _refunds.GetOrAdd(paymentId, _ => new());

    private ProviderRefund Add(string paymentId, long cents, PaymentRefundStatus status, string? reference)
    {
        var id = "refund-" + (_notices.Count + 1).ToString(CultureInfo.InvariantCulture);
        var refund = new ProviderRefund
        {
            ProviderRefundId = id,
            Status = status,
            Amount = Of(cents),
            Reference = reference,
        };
        Keep(paymentId, refund);
        return refund;
    }

    private void Keep(string paymentId, ProviderRefund refund)
    {
        RefundsOf(paymentId)[refund.ProviderRefundId] = refund;
        _notices.Enqueue(
            TellsReversals
                ? new ReversalNotice { ChargeId = "charge-" + paymentId }
                : new ReversalNotice { ProviderPaymentId = "prov-" + paymentId, Refund = refund }
        );
    }

    private static Money Of(long cents) => new(cents, "EUR");
}
