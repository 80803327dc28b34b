namespace PayPerUse.Receipts;

/// <summary>Who sells: what stands on every receipt. Set in the section <c>Seller</c>, see <c>AddSeller</c>.</summary>
public sealed class SellerOptions
{
    /// <summary>The name of the company or person.</summary>
    public string Name { get; set; } = "";

    /// <summary>The address, in one line or several.</summary>
    public string Address { get; set; } = "";

    /// <summary>Where customers write to.</summary>
    public string Email { get; set; } = "";

    /// <summary>The enterprise number, such as <c>0123.456.749</c>; its check digits are checked where it is a Belgian one.</summary>
    public string EnterpriseNumber { get; set; } = "";

    /// <summary>The VAT number, such as <c>BE0123456749</c>; asks for <see cref="VatRate"/>.</summary>
    /// <value>null: the seller is exempt and <see cref="IsSmallBusiness"/> says so.</value>
    public string? VatNumber { get; set; }

    /// <summary>The VAT in the price, in percent; at most two decimals. Asks for <see cref="VatNumber"/>.</summary>
    /// <value>null; 0 to 100.</value>
    public decimal? VatRate { get; set; }

    /// <summary>Whether the seller charges no VAT under the exemption for small businesses (in Belgium: art. 56bis WBTW).</summary>
    /// <value>false.</value>
    public bool IsSmallBusiness { get; set; }

    /// <summary>The mention of that exemption, in every language alike; such as that of another country.</summary>
    /// <value>null: the Belgian one, in the language of the page.</value>
    public string? SmallBusinessMention { get; set; }

    /// <summary>What the series of numbers begins with, so that two apps of one seller have two series; such as <c>SINT-</c>.</summary>
    /// <value>Empty; at most 16 of A–Z, 0–9 and <c>-</c>.</value>
    public string SeriesPrefix { get; set; } = "";

    /// <summary>The seller's time zone: in it a year, and so a series, begins.</summary>
    /// <value><c>Europe/Brussels</c>.</value>
    public string TimeZone { get; set; } = "Europe/Brussels";

    /// <summary>Whether there is a seller, and so are receipts.</summary>
    public bool IsConfigured =>
        Name.Length > 0
        || Address.Length > 0
        || Email.Length > 0
        || EnterpriseNumber.Length > 0
        || VatNumber is not null;

    /// <summary>What a receipt freezes.</summary>
    internal SellerDetails ToDetails() =>
        new(Name, Address, Email, EnterpriseNumber, VatNumber)
        {
            IsSmallBusiness = IsSmallBusiness,
            SmallBusinessMention = SmallBusinessMention,
        };
}

/// <summary>The seller as a receipt has it: what was right on that day.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The address.</param>
/// <param name="Email">Where customers write to.</param>
/// <param name="EnterpriseNumber">The enterprise number.</param>
/// <param name="VatNumber">The VAT number; null for a small business.</param>
public sealed record SellerDetails(
    string Name,
    string Address,
    string Email,
    string EnterpriseNumber,
    string? VatNumber
)
{
    /// <summary>Whether no VAT was charged under the exemption for small businesses.</summary>
    public bool IsSmallBusiness { get; init; }

    /// <summary>The mention of that exemption; null for the Belgian one.</summary>
    public string? SmallBusinessMention { get; init; }
}
