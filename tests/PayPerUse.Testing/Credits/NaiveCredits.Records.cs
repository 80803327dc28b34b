using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

public sealed partial class NaiveCredits
{
    /// <summary>What a caller hears, as far as the model can tell it.</summary>
    public sealed record Answer(CreditStatus Status, long Balance, long Credits, DateTimeOffset? At)
    {
        /// <summary>Where to go instead.</summary>
        public AccountId? MergedInto { get; init; }

        /// <summary>The same of the real thing.</summary>
        public static Answer Of(CreditResult result) =>
            new(result.Status, result.Balance, result.Credits, result.At) { MergedInto = result.MergedInto };
    }

    /// <summary>A line of the log.</summary>
    public sealed record Line(
        string Id,
        CreditEntryKind Kind,
        long Credits,
        long Balance,
        DateTimeOffset At,
        string Touched
    )
    {
        /// <summary>The same of the real thing.</summary>
        public static Line Of(CreditEntry entry) =>
            new(
                entry.OperationId,
                entry.Kind,
                entry.Credits,
                entry.Balance,
                entry.At,
                string.Join(' ', entry.Grants.Select(g => $"{g.GrantId}{g.Credits:+0;-0}"))
            );
    }

    /// <summary>An id, what it stands for, and what was first answered; of a grant that came with a merge nothing was.</summary>
    private sealed record Known(string Id, string Print, Guid Attempt, Answer? First);

    private sealed class Lot(string id, string source, long credits, DateTimeOffset at, DateTimeOffset? expiry)
    {
        public string Id => id;
        public string Source => source;
        public long Credits => credits;
        public DateTimeOffset At => at;
        public DateTimeOffset? Expiry => expiry;
        public DateTimeOffset? End { get; set; }
        public bool HadGrace { get; set; }
        public long Revoked { get; set; }
    }

    private sealed class Coin(Lot lot)
    {
        public Lot Lot => lot;
    }

    private sealed class Hold(string id, Guid attempt, string print, List<Coin> coins, Answer made)
    {
        public string Id => id;
        public Guid Attempt => attempt;
        public string Print => print;
        public List<Coin> Coins => coins;
        public Answer Made => made;
        public Answer? Ended { get; set; }
        public ReservationState State { get; set; } = ReservationState.Open;
        public DateTimeOffset Deadline { get; set; }
        public int Taken { get; set; }
    }
}
