using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.EfCore.Credits;

namespace PayPerUse.EfCore.Notices;

/// <summary>A row of <c>low_balances</c>: an account that is low now, and whether the app was told.</summary>
internal sealed class LowBalanceRow
{
    public required string Account { get; set; }

    public long Balance { get; set; }

    public long RaisedAt { get; set; }

    /// <summary>When the app is told next; null when it was.</summary>
    public long? NoticeAt { get; set; }
}

internal sealed class LowBalanceRowConfiguration(string? collation) : IEntityTypeConfiguration<LowBalanceRow>
{
    public void Configure(EntityTypeBuilder<LowBalanceRow> builder)
    {
        builder.ToTable("low_balances");
        builder.HasKey(l => l.Account);
        builder.Property(l => l.Account).IsAccount(collation);
        builder.Property(l => l.Balance).Is("balance");
        builder.Property(l => l.RaisedAt).Is("raised_at");
        builder.Property(l => l.NoticeAt).Is("notice_at");
        builder.HasIndex(l => l.NoticeAt).HasDatabaseName("ix_low_balances_notice");
    }
}
