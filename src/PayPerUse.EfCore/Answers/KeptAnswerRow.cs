using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.Credits;
using PayPerUse.EfCore.Credits;

namespace PayPerUse.EfCore.Answers;

/// <summary>A row of <c>kept_answers</c>: encrypted, and gone some time after <see cref="ExpiresAt"/> (UTC milliseconds).</summary>
internal sealed class KeptAnswerRow
{
    public required string Account { get; set; }

    public required string OperationId { get; set; }

    public Guid Attempt { get; set; }

    public long ExpiresAt { get; set; }

    public required byte[] Content { get; set; }
}

internal sealed class KeptAnswerRowConfiguration(string? collation) : IEntityTypeConfiguration<KeptAnswerRow>
{
    public void Configure(EntityTypeBuilder<KeptAnswerRow> builder)
    {
        builder.ToTable("kept_answers");
        builder.HasKey(a => new
        {
            a.Account,
            a.OperationId,
            a.Attempt,
        });
        builder.Property(a => a.Account).IsAccount(collation);
        builder
            .Property(a => a.OperationId)
            .Is("operation_id")
            .HasMaxLength(CreditCommand.MaxIdLength)
            .IsOrdinal(collation);
        builder.Property(a => a.Attempt).Is("attempt");
        builder.Property(a => a.ExpiresAt).Is("expires_at");
        builder.Property(a => a.Content).Is("content");
        builder.HasIndex(a => a.ExpiresAt).HasDatabaseName("ix_kept_answers_expiry");
    }
}
