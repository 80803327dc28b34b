using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.EfCore.Credits;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Payments;

internal sealed class PaymentRowConfiguration(string? collation) : IEntityTypeConfiguration<PaymentRow>
{
    public void Configure(EntityTypeBuilder<PaymentRow> builder)
    {
        builder.ToTable("payments");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).Is("id").HasMaxLength(35).IsOrdinal(collation);
        builder.Property(p => p.Account).IsAccount(collation);
        builder.Property(p => p.Pack).Is("pack").HasMaxLength(40);
        builder.Property(p => p.Credits).Is("credits");
        builder.Property(p => p.Amount).Is("amount");
        builder.Property(p => p.Currency).Is("currency").HasMaxLength(3);
        builder.Property(p => p.LifetimeMilliseconds).Is("lifetime");
        builder.Property(p => p.Provider).Is("provider").HasMaxLength(32);
        builder.Property(p => p.Mode).Is("mode");
        builder.Property(p => p.Description).Is("description").HasMaxLength(140);
        builder.Property(p => p.CallbackUrl).Is("callback_url").HasMaxLength(2048);
        builder.Property(p => p.ReturnPageUrl).Is("return_page_url").HasMaxLength(2048);
        builder.Property(p => p.ReturnUrl).Is("return_url").HasMaxLength(1024);
        builder.Property(p => p.Consent).Is("consent").HasMaxLength(100);
        builder.Property(p => p.ConsentText).Is("consent_text").HasMaxLength(1000);
        builder.Property(p => p.ConsentedAt).Is("consented_at");
        builder.Property(p => p.Language).Is("language").HasMaxLength(CheckoutOrder.MaxLanguageLength);
        builder.Property(p => p.RequestKey).Is("request_key").HasMaxLength(160).IsOrdinal(collation);
        builder.Property(p => p.CreatedAt).Is("created_at");
        builder.Property(p => p.ExpiresAt).Is("expires_at");
        builder.Property(p => p.Status).Is("status");
        builder
            .Property(p => p.OpenKey)
            .Is("open_key")
            .HasMaxLength(CreditColumns.AccountLength + 90)
            .IsOrdinal(collation);
        builder.Property(p => p.ProviderPaymentId).Is("provider_payment_id").HasMaxLength(255).IsOrdinal(collation);
        builder.Property(p => p.CheckoutUrl).Is("checkout_url").HasMaxLength(2048);
        builder.Property(p => p.PaidAt).Is("paid_at");
        builder.Property(p => p.RefundedAmount).Is("refunded_amount");
        builder.Property(p => p.DisputedAmount).Is("disputed_amount");
        builder.Property(p => p.ReversedCredits).Is("reversed_credits");
        builder.Property(p => p.Reversals).Is("reversals");
        builder.Property(p => p.Reversal).Is("reversal");
        builder.Property(p => p.Refunds).Is("refunds");
        builder.Property(p => p.OwedAmount).Is("owed_amount");
        builder.Property(p => p.ChargeId).Is("charge_id").HasMaxLength(255).IsOrdinal(collation);
        builder.Property(p => p.GrantedAt).Is("granted_at");
        builder.Property(p => p.IsAccepted).Is("accepted");
        builder.Property(p => p.CheckedAt).Is("checked_at");
        builder.Property(p => p.NextCheckAt).Is("next_check_at");
        builder.Property(p => p.Version).Is("version").IsConcurrencyToken();

        // Keeps the open payment single when requests race: null once it is no longer open.
        builder.HasIndex(p => p.OpenKey).IsUnique().HasDatabaseName("ux_payments_open");
        builder.HasIndex(p => new { p.Account, p.RequestKey }).IsUnique().HasDatabaseName("ux_payments_request");
        builder.HasIndex(p => new { p.Account, p.CreatedAt }).HasDatabaseName("ix_payments_account");
        builder.HasIndex(p => new { p.Provider, p.ProviderPaymentId }).HasDatabaseName("ix_payments_provider");
        builder.HasIndex(p => new { p.Provider, p.ChargeId }).HasDatabaseName("ix_payments_charge");
        builder.HasIndex(p => p.NextCheckAt).HasDatabaseName("ix_payments_due");
        builder.HasIndex(p => p.Status).HasDatabaseName("ix_payments_status");
        builder.HasIndex(p => p.OwedAmount).HasDatabaseName("ix_payments_owed");
    }
}

internal sealed class PaymentEventRowConfiguration(string? collation) : IEntityTypeConfiguration<PaymentEventRow>
{
    public void Configure(EntityTypeBuilder<PaymentEventRow> builder)
    {
        builder.ToTable("payment_events");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).Is("id").ValueGeneratedOnAdd();
        builder.Property(e => e.PaymentId).Is("payment_id").HasMaxLength(35).IsOrdinal(collation);
        builder.Property(e => e.From).Is("from_status");
        builder.Property(e => e.To).Is("to_status");
        builder.Property(e => e.Trigger).Is("trigger");
        builder.Property(e => e.Detail).Is("detail").HasMaxLength(PaymentRowMapping.MaxDetailLength);
        builder.Property(e => e.At).Is("at");
        builder.Property(e => e.By).Is("by").HasMaxLength(PaymentRowMapping.MaxByLength);
        builder.Property(e => e.Notice).Is("notice");
        builder.Property(e => e.NoticeAt).Is("notice_at");
        builder.HasIndex(e => e.NoticeAt).HasDatabaseName("ix_payment_events_notice");
        builder.HasIndex(e => new { e.PaymentId, e.Id }).HasDatabaseName("ix_payment_events_payment");
    }
}

internal sealed class PaymentCursorRowConfiguration(string? collation) : IEntityTypeConfiguration<PaymentCursorRow>
{
    public void Configure(EntityTypeBuilder<PaymentCursorRow> builder)
    {
        builder.ToTable("payment_cursors");
        builder.HasKey(c => c.Feed);
        builder.Property(c => c.Feed).Is("feed").HasMaxLength(64).IsOrdinal(collation);
        builder.Property(c => c.Cursor).Is("cursor").HasMaxLength(255);
    }
}
