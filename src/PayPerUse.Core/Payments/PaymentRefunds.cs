using System.Collections;
using System.Collections.Immutable;

namespace PayPerUse.Payments;

/// <summary>
/// The refunds of one payment that we know one by one, oldest first; a value, equal by its content. Where the provider tells sums
/// (<see cref="ProviderPayment.Reversals"/>), refunds made in its portal are in those and not in here.
/// </summary>
public sealed class PaymentRefunds : IReadOnlyList<PaymentRefund>, IEquatable<PaymentRefunds>
{
    /// <summary>No refunds.</summary>
    public static readonly PaymentRefunds None = new([]);

    /// <summary>The most refunds that are kept of one payment.</summary>
    public const int MaxCount = 100;

    private readonly ImmutableArray<PaymentRefund> _refunds;

    /// <summary>Makes a list.</summary>
    /// <param name="refunds">The refunds, oldest first.</param>
    public PaymentRefunds(IEnumerable<PaymentRefund> refunds) => _refunds = [.. refunds];

    /// <inheritdoc />
    public int Count => _refunds.Length;

    /// <inheritdoc />
    public PaymentRefund this[int index] => _refunds[index];

    /// <summary>The refund whose outcome we do not know; null when there is none. There is one at a time.</summary>
    public PaymentRefund? Requested => _refunds.FirstOrDefault(r => r.Status == PaymentRefundStatus.Requested);

    /// <summary>The refunds that somebody must still look after.</summary>
    public IEnumerable<PaymentRefund> Open => _refunds.Where(r => r.IsOpen);

    /// <summary>The money that went back, in minor units: all that have not failed and are not in doubt.</summary>
    /// <param name="sources">Of which sources; none means of all.</param>
    public long Sum(params ReadOnlySpan<PaymentRefundSource> sources)
    {
        var sum = 0L;
        foreach (var refund in _refunds)
        {
            if (refund.Counts && (sources.IsEmpty || sources.Contains(refund.Source)))
            {
                sum += refund.Amount.Amount;
            }
        }

        return sum;
    }

    /// <summary>The money that a person must still transfer, in minor units.</summary>
    public long Owed => _refunds.Where(r => r.IsOwed).Sum(r => r.Amount.Amount);

    /// <summary>Finds a refund by the caller's key; null when there is none.</summary>
    /// <param name="requestKey">The caller's idempotency key.</param>
    public PaymentRefund? FindByKey(string requestKey) =>
        _refunds.FirstOrDefault(r => string.Equals(r.RequestKey, requestKey, StringComparison.Ordinal));

    /// <summary>Our id of a payment's refund: its idempotency key at the provider.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="number">1 for its first.</param>
    public static string IdOf(Payment payment, int number)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{payment.Id}-r{number}");
    }

    /// <summary>Adds a refund, or puts it in the place of the one with its id.</summary>
    /// <param name="refund">The refund.</param>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxCount"/> already.</exception>
    public PaymentRefunds With(PaymentRefund refund)
    {
        ArgumentNullException.ThrowIfNull(refund);
        for (var i = 0; i < _refunds.Length; i++)
        {
            if (string.Equals(_refunds[i].Id, refund.Id, StringComparison.Ordinal))
            {
                return new(_refunds.SetItem(i, refund));
            }
        }

        return Count < MaxCount
            ? new(_refunds.Add(refund))
            : throw new InvalidOperationException($"A payment keeps at most {MaxCount} refunds.");
    }

    /// <summary>
    /// Takes in what a provider says of one refund: it is the one with its id, or our request under its reference, or one that a
    /// person recorded for the same sum without an id of the provider's; else it is new.
    /// </summary>
    /// <param name="said">What the provider says.</param>
    /// <param name="id">Our id, should it be new.</param>
    /// <param name="at">When, should it be new.</param>
    /// <exception cref="InvalidOperationException">There are <see cref="MaxCount"/> already.</exception>
    public PaymentRefunds With(ProviderRefund said, string id, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(said);
        var known = Find(said);
        return With(
            known is { Source: PaymentRefundSource.Recorded or PaymentRefundSource.ByHand }
                ? known.With(said) with
                {
                    Source = PaymentRefundSource.Told,
                }
            : known is not null ? known.With(said)
            : new PaymentRefund
            {
                Id = id,
                Source = PaymentRefundSource.Told,
                Amount = said.Amount,
                Status = said.Status,
                At = at,
                ProviderRefundId = said.ProviderRefundId,
            }
        );
    }

    /// <summary>Whether there is no room for a refund that is not known yet.</summary>
    internal bool IsFullFor(ProviderRefund said) => Count >= MaxCount && Find(said) is null;

    private PaymentRefund? Find(ProviderRefund said) =>
        _refunds.FirstOrDefault(r => r.ProviderRefundId == said.ProviderRefundId)
        ?? _refunds.FirstOrDefault(r => said.Reference is { } reference && r.Id == reference)
        ?? _refunds.FirstOrDefault(r =>
            (r.Source == PaymentRefundSource.Recorded || r.IsOwed) && r.Amount == said.Amount && r.Counts
        );

    /// <inheritdoc />
    public IEnumerator<PaymentRefund> GetEnumerator() => ((IEnumerable<PaymentRefund>)_refunds).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc />
    public bool Equals(PaymentRefunds? other) => other is not null && _refunds.SequenceEqual(other._refunds);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PaymentRefunds);

    /// <inheritdoc />
    public override int GetHashCode() => _refunds.Aggregate(0, HashCode.Combine);
}
