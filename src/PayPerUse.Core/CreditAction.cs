using PayPerUse.Credits;

namespace PayPerUse;

/// <summary>Something an app sells for credits.</summary>
public sealed record CreditAction
{
    /// <summary>Makes an action with a fixed price, or a range.</summary>
    /// <param name="id">1 to 64 visible characters.</param>
    /// <param name="credits">What it costs, 1 to 10⁹.</param>
    /// <param name="maxCredits">The most it may cost when the caller chooses; null when the price is fixed.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public CreditAction(string id, long credits, long? maxCredits = null)
    {
        if (id is not { Length: >= 1 and <= CreditCommand.MaxActionLength } || !CreditText.IsVisible(id))
        {
            throw new ArgumentException("An action's id has 1 to 64 visible characters.", nameof(id));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(credits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(credits, CreditCommand.MaxCredits);
        if (maxCredits is { } max)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(max, credits, nameof(maxCredits));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(max, CreditCommand.MaxCredits, nameof(maxCredits));
        }

        Id = id;
        Credits = credits;
        MaxCredits = maxCredits ?? credits;
    }

    /// <summary>The action's id.</summary>
    public string Id { get; }

    /// <summary>What it costs; the least, when there is a range.</summary>
    public long Credits { get; }

    /// <summary>The most it may cost; the same as <see cref="Credits"/> when the price is fixed.</summary>
    public long MaxCredits { get; }

    /// <summary>Whether a number of credits is a price of this action.</summary>
    /// <param name="credits">The number.</param>
    public bool Allows(long credits) => credits >= Credits && credits <= MaxCredits;
}
