using System.Text.RegularExpressions;

namespace PayPerUse.Payments;

/// <summary>Credits for sale at a price.</summary>
public sealed partial record CreditPack
{
    /// <summary>Makes a pack.</summary>
    /// <param name="id">1 to 40 of a–z, 0–9, <c>-</c> and <c>_</c>.</param>
    /// <param name="credits">How many credits it holds, 1 to 10⁹.</param>
    /// <param name="price">What it costs, all taxes included; more than 0.</param>
    /// <param name="lifetime">How long the credits can be used after payment; null for ever.</param>
    /// <param name="name">What customers see; null makes one of the number of credits.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public CreditPack(string id, long credits, Money price, TimeSpan? lifetime = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(price);
        if (!IdPattern().IsMatch(id))
        {
            throw new ArgumentException("A pack's id has 1 to 40 of a-z, 0-9, '-' and '_'.", nameof(id));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(credits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(credits, PayPerUse.Credits.CreditCommand.MaxCredits);
        ArgumentOutOfRangeException.ThrowIfLessThan(price.Amount, 1, nameof(price));
        if (lifetime < TimeSpan.FromMinutes(1))
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A lifetime is at least a minute.");
        }

        Id = id;
        Credits = credits;
        Price = price;
        Lifetime = lifetime;
        Name = name ?? $"{credits} credits";
    }

    /// <summary>The pack's id.</summary>
    public string Id { get; }

    /// <summary>How many credits it holds.</summary>
    public long Credits { get; }

    /// <summary>What it costs, all taxes included.</summary>
    public Money Price { get; }

    /// <summary>How long the credits can be used after payment; null for ever.</summary>
    public TimeSpan? Lifetime { get; }

    /// <summary>What customers see, also on their bank statement where the provider shows it.</summary>
    public string Name { get; }

    /// <summary>
    /// <see cref="Name"/> in other languages, by their tags of BCP 47, such as <c>fr</c>. An order keeps the one of its language: on
    /// the provider's page, the receipt and in mails.
    /// </summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>The name in a language; <see cref="Name"/> where that has none of its own.</summary>
    /// <param name="language">A tag, such as <c>fr</c>; <c>fr-BE</c> falls back to <c>fr</c>.</param>
    public string NameIn(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return Names.GetValueOrDefault(language) ?? Names.GetValueOrDefault(language.Split('-')[0]) ?? Name;
    }

    [GeneratedRegex("^[a-z0-9_-]{1,40}$")]
    private static partial Regex IdPattern();
}
