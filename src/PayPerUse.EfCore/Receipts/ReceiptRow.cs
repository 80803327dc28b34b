using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.EfCore.Credits;

namespace PayPerUse.EfCore.Receipts;

/// <summary>A row of <c>receipts</c>: appended, never edited. Money is in minor units, the rate in hundredths of a percent.</summary>
internal sealed class ReceiptRow
{
    public required string Series { get; set; }

    public long Sequence { get; set; }

    public required string PaymentId { get; set; }

    public int Position { get; set; }

    public required string Account { get; set; }

    public short Kind { get; set; }

    public required string Description { get; set; }

    public long Credits { get; set; }

    public long Amount { get; set; }

    public required string Currency { get; set; }

    public int? VatRate { get; set; }

    public long Vat { get; set; }

    public required string SellerName { get; set; }

    public required string SellerAddress { get; set; }

    public required string SellerEmail { get; set; }

    public required string EnterpriseNumber { get; set; }

    public string? VatNumber { get; set; }

    public bool IsSmallBusiness { get; set; }

    public string? SmallBusinessMention { get; set; }

    public long IssuedAt { get; set; }
}

internal sealed class ReceiptRowConfiguration(string? collation) : IEntityTypeConfiguration<ReceiptRow>
{
    public void Configure(EntityTypeBuilder<ReceiptRow> builder)
    {
        builder.ToTable("receipts");

        // A number is given by being taken: the key lets one of those who race have it.
        builder.HasKey(r => new { r.Series, r.Sequence });
        builder.Property(r => r.Series).Is("series").HasMaxLength(32).IsOrdinal(collation);
        builder.Property(r => r.Sequence).Is("sequence").ValueGeneratedNever();
        builder.Property(r => r.PaymentId).Is("payment_id").HasMaxLength(35).IsOrdinal(collation);
        builder.Property(r => r.Position).Is("position");
        builder.Property(r => r.Account).IsAccount(collation);
        builder.Property(r => r.Kind).Is("kind");
        builder.Property(r => r.Description).Is("description").HasMaxLength(140);
        builder.Property(r => r.Credits).Is("credits");
        builder.Property(r => r.Amount).Is("amount");
        builder.Property(r => r.Currency).Is("currency").HasMaxLength(3);
        builder.Property(r => r.VatRate).Is("vat_rate");
        builder.Property(r => r.Vat).Is("vat");
        builder.Property(r => r.SellerName).Is("seller_name").HasMaxLength(500);
        builder.Property(r => r.SellerAddress).Is("seller_address").HasMaxLength(500);
        builder.Property(r => r.SellerEmail).Is("seller_email").HasMaxLength(500);
        builder.Property(r => r.EnterpriseNumber).Is("enterprise_number").HasMaxLength(500);
        builder.Property(r => r.VatNumber).Is("vat_number").HasMaxLength(32);
        builder.Property(r => r.IsSmallBusiness).Is("small_business");
        builder.Property(r => r.SmallBusinessMention).Is("small_business_mention").HasMaxLength(500);
        builder.Property(r => r.IssuedAt).Is("issued_at");
        builder.HasIndex(r => new { r.PaymentId, r.Position }).IsUnique().HasDatabaseName("ux_receipts_payment");
    }
}
