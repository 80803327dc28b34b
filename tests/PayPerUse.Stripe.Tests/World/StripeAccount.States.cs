namespace PayPerUse.Stripe.Tests.World;

/// <summary>What the account remembers.</summary>
public sealed partial class StripeAccount
{
    private sealed class Checkout(string id, string reference, string intent, string charge)
    {
        public string Id { get; } = id;

        public string Reference { get; } = reference;

        public string Intent { get; } = intent;

        public string Charge { get; } = charge;

        public required long Amount { get; init; }

        public required DateTimeOffset ExpiresAt { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public string Status { get; set; } = "open";

        public bool IsUnderWay { get; set; }

        public DateTimeOffset? PaidAt { get; set; }

        public List<RefundState> Refunds { get; } = [];

        public List<DisputeState> Disputes { get; } = [];
    }

    private sealed class RefundState(string id, long cents, Dictionary<string, string> metadata)
    {
        public string Id { get; } = id;

        public long Cents { get; } = cents;

        public Dictionary<string, string> Metadata { get; } = metadata;

        public required string Status { get; set; }

        public bool Counts => Status is not ("failed" or "canceled");
    }

    private sealed class DisputeState(string id, long cents, string status)
    {
        public string Id { get; } = id;

        public long Cents { get; } = cents;

        public string Status { get; set; } = status;

        public List<(long Cents, string Currency, DateTimeOffset At)> Moves { get; } = [];
    }
}
