using System.Security.Cryptography;

namespace PayPerUse.Payconiq.Simulator;

internal sealed partial class PayconiqSimulator
{
    /// <summary>Refunds, on the shop's order or in the portal.</summary>
    /// <returns>The refund; or the API's code for why there is none.</returns>
    public (SimulatedRefund? Refund, string? Code) Refund(
        string paymentId,
        long amount,
        string? description,
        string? key
    )
    {
        while (_payments.TryGetValue(paymentId, out var before))
        {
            if (key is not null && before.Refunds.FirstOrDefault(r => r.Key == key) is { } same)
            {
                return same.Amount == amount && same.Description == description
                    ? (same, null)
                    : (null, "REFUND_REQUEST_CONFLICT");
            }

            if (!options.Value.RefundsActivated && key is not null)
            {
                return (null, "REFUND_NOT_ALLOWED");
            }

            if (before.Status != "SUCCEEDED")
            {
                return (null, "REFUND_NOT_POSSIBLE");
            }

            if (amount < 1 || amount > before.Kept)
            {
                return (null, "INVALID_REFUND_AMOUNT");
            }

            var now = clock.GetUtcNow();
            var refund = new SimulatedRefund
            {
                Id = RandomNumberGenerator.GetHexString(24, lowercase: true),
                PaymentId = paymentId,
                Amount = amount,
                Description = description,
                Key = key,
                CreatedAt = now,
                MovesAt = now + options.Value.RefundTime,
            };
            if (_payments.TryUpdate(paymentId, before with { Refunds = [.. before.Refunds, refund] }, before))
            {
                return (refund, null);
            }
        }

        return (null, "PAYMENT_FOR_REFUND_NOT_FOUND");
    }

    public SimulatedRefund? FindRefund(string paymentId, string refundId) =>
        _payments.GetValueOrDefault(paymentId)?.Refunds.FirstOrDefault(r => r.Id == refundId);

    /// <summary>Has a refund fail that is still pending.</summary>
    /// <returns>The refund as it is then; null when there is none.</returns>
    public SimulatedRefund? FailRefund(string paymentId, string refundId)
    {
        while (
            _payments.TryGetValue(paymentId, out var before)
            && before.Refunds.FirstOrDefault(r => r.Id == refundId) is { } refund
        )
        {
            if (refund.StatusAt(clock.GetUtcNow()) != "PENDING")
            {
                return refund;
            }

            var failed = refund with { IsFailed = true };
            if (
                _payments.TryUpdate(
                    paymentId,
                    before with
                    {
                        Refunds = [.. before.Refunds.Select(r => r.Id == refundId ? failed : r)],
                    },
                    before
                )
            )
            {
                return failed;
            }
        }

        return null;
    }

    /// <summary>The refunds whose money has moved, made between two days, both included, with their payments.</summary>
    public IEnumerable<(SimulatedPayment Payment, SimulatedRefund Refund)> Moved(DateOnly from, DateOnly to)
    {
        var now = clock.GetUtcNow();
        return _payments
            .Values.SelectMany(p => p.Refunds.Select(r => (Payment: p, Refund: r)))
            .Where(x =>
                x.Refund.StatusAt(now) == "REFUNDED"
                && DateOnly.FromDateTime(x.Refund.CreatedAt.UtcDateTime) is var day
                && day >= from
                && day <= to
            )
            .OrderBy(x => x.Refund.CreatedAt);
    }
}
