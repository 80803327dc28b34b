using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

internal sealed class CreditCheckpointRowConfiguration(string? collation)
    : IEntityTypeConfiguration<CreditCheckpointRow>
{
    public void Configure(EntityTypeBuilder<CreditCheckpointRow> builder)
    {
        builder.ToTable("credit_checkpoints");
        builder.HasKey(c => c.Account);
        builder.Property(c => c.Account).IsAccount(collation);
        builder.Property(c => c.Sequence).Is("sequence");
        builder.Property(c => c.At).Is("at");
        builder.Property(c => c.Balance).Is("balance");
        builder.Property(c => c.Spent).Is("spent");
        builder.Property(c => c.Committed).Is("committed");
        builder.Property(c => c.Expired).Is("expired");
        builder.Property(c => c.Free).Is("free_grants");
        builder.Property(c => c.Open).Is("open_reserves");
    }
}

internal sealed class CreditKnownIdRowConfiguration(string? collation) : IEntityTypeConfiguration<CreditKnownIdRow>
{
    public void Configure(EntityTypeBuilder<CreditKnownIdRow> builder)
    {
        builder.ToTable("credit_known_ids");
        builder.HasKey(k => new { k.Account, k.OperationId });
        builder.Property(k => k.Account).IsAccount(collation);
        builder
            .Property(k => k.OperationId)
            .Is("operation_id")
            .HasMaxLength(CreditCommand.MaxIdLength)
            .IsOrdinal(collation);
        builder.Property(k => k.Sequence).Is("sequence");
        builder.Property(k => k.Attempt).Is("attempt");
        builder.Property(k => k.Kind).Is("kind");
        builder.Property(k => k.Action).Is("action").HasMaxLength(CreditCommand.MaxActionLength);
        builder.Property(k => k.Credits).Is("credits");
        builder.Property(k => k.Balance).Is("balance");
        builder.Property(k => k.Target).Is("target").HasMaxLength(CreditCommand.MaxIdLength);
        builder.Property(k => k.At).Is("at");
    }
}

/// <summary>One row for the whole database: it belongs to no account, and no statement that touches an account touches it.</summary>
internal sealed class CreditWalkRowConfiguration(string? collation) : IEntityTypeConfiguration<CreditWalkRow>
{
    public void Configure(EntityTypeBuilder<CreditWalkRow> builder)
    {
        builder.ToTable("credit_walks");
        builder.HasKey(w => w.Name);
        builder.Property(w => w.Name).Is("name").HasMaxLength(CreditWalkRow.NameLength);
        builder
            .Property(w => w.WalkedTo)
            .Is("walked_to")
            .HasMaxLength(CreditColumns.AccountLength)
            .IsOrdinal(collation);
        builder.Property(w => w.BeganAt).Is("began_at");
        builder.Property(w => w.HeldUntil).Is("held_until");
        builder.Property(w => w.Version).Is("version").IsConcurrencyToken();
    }
}
