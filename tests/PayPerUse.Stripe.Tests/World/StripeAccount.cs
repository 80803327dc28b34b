using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>
/// A Stripe account in memory: what happens in it (customers pay, the seller refunds in the dashboard, banks dispute), as the API
/// tells it. Answers hold the fields that we read, in the shapes of Stripe's fixtures; idempotency keys work as documented.
/// </summary>
public sealed partial class StripeAccount(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Checkout> _checkouts = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _events = [];
    private int _number;

    /// <summary>Whether a charge's own sum still counts refunds that failed; Stripe does not say.</summary>
    public bool CountsFailedRefunds { get; set; }

    /// <summary>Pages of lists are at most this long.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>How a new refund stands at first.</summary>
    public string NewRefund { get; set; } = "succeeded";

    /// <summary>How the next refund that is asked for is refused; null when it is not.</summary>
    public Answer? RefundRefusal { get; set; }

    public bool IsLive { get; set; }

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>The customer pays. False when the session is no longer open.</summary>
    public bool Pay(string reference)
    {
        lock (_lock)
        {
            if (Open(reference) is not { } checkout)
            {
                return false;
            }

            checkout.Status = "complete";
            checkout.PaidAt = clock.GetUtcNow();
            Tell("checkout.session.completed", SessionOf(checkout, isExpanded: false));
            return true;
        }
    }

    /// <summary>The customer uses a delayed method, which then fails.</summary>
    public bool FailLater(string reference)
    {
        lock (_lock)
        {
            if (Open(reference) is not { } checkout)
            {
                return false;
            }

            checkout.Status = "complete";
            Tell("checkout.session.async_payment_failed", SessionOf(checkout, isExpanded: false));
            return true;
        }
    }

    /// <summary>The customer uses a delayed method; <see cref="Arrive"/> ends it.</summary>
    public void PayLater(string reference)
    {
        lock (_lock)
        {
            var checkout = Open(reference)!;
            checkout.Status = "complete";
            checkout.IsUnderWay = true;
            Tell("checkout.session.completed", SessionOf(checkout, isExpanded: false));
        }
    }

    public void Arrive(string reference)
    {
        lock (_lock)
        {
            var checkout = _checkouts[reference];
            checkout.IsUnderWay = false;
            checkout.PaidAt = clock.GetUtcNow();
            Tell("checkout.session.async_payment_succeeded", SessionOf(checkout, isExpanded: false));
        }
    }

    /// <summary>The seller refunds in the dashboard.</summary>
    public string Refund(string reference, long cents)
    {
        lock (_lock)
        {
            return AddRefund(_checkouts[reference], cents, []).Id;
        }
    }

    /// <summary>A refund ends otherwise than it began.</summary>
    public void EndRefund(string reference, string refundId, string status)
    {
        lock (_lock)
        {
            var checkout = _checkouts[reference];
            var refund = checkout.Refunds.Single(r => r.Id == refundId);
            refund.Status = status;
            Tell(status == "failed" ? "refund.failed" : "refund.updated", RefundOf(checkout, refund));
        }
    }

    /// <summary>Every refund fails after all; false when there is none that could.</summary>
    public bool FailRefunds(string reference)
    {
        lock (_lock)
        {
            var alive = _checkouts.TryGetValue(reference, out var checkout)
                ? checkout.Refunds.Where(r => r.Counts).Select(r => r.Id).ToArray()
                : [];
            foreach (var id in alive)
            {
                EndRefund(reference, id, "failed");
            }

            return alive.Length > 0;
        }
    }

    /// <summary>A bank asks a question or disputes; nothing is withdrawn yet.</summary>
    public string Dispute(string reference, long cents, string status)
    {
        lock (_lock)
        {
            var checkout = _checkouts[reference];
            var dispute = new DisputeState(NewId("du"), cents, status);
            checkout.Disputes.Add(dispute);
            Tell("charge.dispute.created", DisputeOf(checkout, dispute));
            return dispute.Id;
        }
    }

    /// <summary>A dispute's money moves: negative out of the account, positive back into it.</summary>
    public void Move(string reference, string disputeId, long cents, string currency = "eur")
    {
        lock (_lock)
        {
            var (checkout, dispute) = Find(reference, disputeId);
            dispute.Moves.Add((cents, currency, clock.GetUtcNow()));
            Tell(
                cents < 0 ? "charge.dispute.funds_withdrawn" : "charge.dispute.funds_reinstated",
                DisputeOf(checkout, dispute)
            );
        }
    }

    public void EndDispute(string reference, string disputeId, string status)
    {
        lock (_lock)
        {
            var (checkout, dispute) = Find(reference, disputeId);
            dispute.Status = status;
            Tell("charge.dispute.closed", DisputeOf(checkout, dispute));
        }
    }

    /// <summary>What is still in the account of a payment, in minor units; null when it was never paid.</summary>
    public long? KeptOf(string reference)
    {
        lock (_lock)
        {
            return _checkouts.TryGetValue(reference, out var checkout) && checkout.PaidAt is not null
                ? checkout.Amount - checkout.Refunds.Where(r => r.Counts).Sum(r => r.Cents) - DisputedOf(reference)
                : null;
        }
    }

    public long DisputedOf(string reference)
    {
        lock (_lock)
        {
            return -_checkouts[reference].Disputes.Sum(d => d.Moves.Sum(m => m.Cents));
        }
    }

    /// <summary>The dispute that holds money now; null when there is none.</summary>
    public string? HoldingDisputeOf(string reference)
    {
        lock (_lock)
        {
            return _checkouts[reference].Disputes.FirstOrDefault(d => d.Moves.Sum(m => m.Cents) < 0)?.Id;
        }
    }

    public string StatusOf(string reference)
    {
        lock (_lock)
        {
            return Expire(_checkouts[reference]).Status;
        }
    }

    public int RefundsOf(string reference)
    {
        lock (_lock)
        {
            return _checkouts[reference].Refunds.Count;
        }
    }

    /// <summary>The last event about a payment; null when there was none.</summary>
    public JsonObject? LastEvent(string reference)
    {
        lock (_lock)
        {
            var intent = _checkouts.TryGetValue(reference, out var checkout) ? checkout.Intent : null;
            return _events
                .LastOrDefault(e => e["data"]!["object"]!["payment_intent"]?.GetValue<string>() == intent)
                ?.DeepClone()
                .AsObject();
        }
    }

    /// <summary>All events, oldest first.</summary>
    public IReadOnlyList<JsonObject> Events
    {
        get
        {
            lock (_lock)
            {
                return [.. _events.Select(e => e.DeepClone().AsObject())];
            }
        }
    }

    private Checkout? Open(string reference) =>
        _checkouts.TryGetValue(reference, out var checkout) && Expire(checkout).Status == "open" ? checkout : null;

    private Checkout Expire(Checkout checkout)
    {
        if (checkout.Status == "open" && checkout.ExpiresAt <= clock.GetUtcNow())
        {
            checkout.Status = "expired";
            Tell("checkout.session.expired", SessionOf(checkout, isExpanded: false));
        }

        return checkout;
    }

    private (Checkout Checkout, DisputeState Dispute) Find(string reference, string disputeId)
    {
        var checkout = _checkouts[reference];
        return (checkout, checkout.Disputes.Single(d => d.Id == disputeId));
    }

    private RefundState AddRefund(Checkout checkout, long cents, Dictionary<string, string> metadata)
    {
        var refund = new RefundState(NewId("re"), cents, metadata) { Status = NewRefund };
        checkout.Refunds.Add(refund);
        Tell("refund.created", RefundOf(checkout, refund));
        Tell("charge.refunded", ChargeOf(checkout));
        return refund;
    }

    private string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{++_number:00000}");

    private void Tell(string type, JsonObject subject) =>
        _events.Add(
            new JsonObject
            {
                ["id"] = NewId("evt"),
                ["object"] = "event",
                ["type"] = type,

                // Events are kept in the account's own version, which may be old.
                ["api_version"] = "2019-12-03",
                ["created"] = clock.GetUtcNow().ToUnixTimeSeconds(),
                ["livemode"] = IsLive,
                ["data"] = new JsonObject { ["object"] = subject },
            }
        );
}
