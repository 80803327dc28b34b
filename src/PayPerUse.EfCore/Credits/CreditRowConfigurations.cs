using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>What all credit tables share: the account comes first in every key, compared ordinally.</summary>
internal static class CreditColumns
{
    public const int AccountLength = AccountId.MaxOwnerLength + 1 + AccountId.MaxTypeLength;

    // "expire:" and "lapse:" come before an id.
    public const int OperationIdLength = CreditCommand.MaxIdLength + 8;

    /// <summary>The kinds of log entries for which <see cref="CreditEntry.IsIdempotencyKey"/> holds, for SQL.</summary>
    public const string KeyKinds = "1, 2, 6, 7, 10, 11, 12";

    /// <summary>The same, for LINQ.</summary>
    public static readonly Expression<Func<CreditEntryRow, bool>> IsKey = e =>
        e.Kind == 1 || e.Kind == 2 || e.Kind == 6 || e.Kind == 7 || e.Kind == 10 || e.Kind == 11 || e.Kind == 12;

    public static void IsAccount(this PropertyBuilder<string> property, string? collation) =>
        property.HasColumnName("account").HasMaxLength(AccountLength).IsOrdinal(collation);

    public static PropertyBuilder<TText> IsOrdinal<TText>(this PropertyBuilder<TText> property, string? collation)
    {
        if (collation is not null)
        {
            property.UseCollation(collation);
        }

        return property;
    }

    public static PropertyBuilder<TValue> Is<TValue>(this PropertyBuilder<TValue> property, string column) =>
        property.HasColumnName(column);
}

internal sealed class CreditAccountRowConfiguration(string? collation) : IEntityTypeConfiguration<CreditAccountRow>
{
    public void Configure(EntityTypeBuilder<CreditAccountRow> builder)
    {
        builder.ToTable("user_credits");
        builder.HasKey(a => a.Account);
        builder.Property(a => a.Account).IsAccount(collation);
        builder.Property(a => a.Free).Is("free");
        builder.Property(a => a.Reserved).Is("reserved");
        builder.Property(a => a.Debt).Is("debt");
        builder.Property(a => a.RateWindowStart).Is("rate_window_start");
        builder.Property(a => a.RateCount).Is("rate_count");
        builder.Property(a => a.LastTime).Is("last_time");
        builder.Property(a => a.Sequence).Is("sequence");
        builder.Property(a => a.Version).Is("version").IsConcurrencyToken();
        builder
            .Property(a => a.MergedInto)
            .Is("merged_into")
            .HasMaxLength(CreditColumns.AccountLength)
            .IsOrdinal(collation);
        builder
            .HasIndex(a => a.MergedInto)
            .HasFilter("merged_into IS NOT NULL")
            .HasDatabaseName("ix_user_credits_merged_into");

        // Room for updates in place on PostgreSQL; other databases do not know this annotation.
        builder.HasAnnotation("Npgsql:StorageParameter:fillfactor", 70);
    }
}

internal sealed class CreditGrantRowConfiguration(string? collation) : IEntityTypeConfiguration<CreditGrantRow>
{
    public void Configure(EntityTypeBuilder<CreditGrantRow> builder)
    {
        builder.ToTable("credit_grants");
        builder.HasKey(g => new { g.Account, g.GrantId });
        builder.Property(g => g.Account).IsAccount(collation);
        builder.Property(g => g.GrantId).Is("grant_id").HasMaxLength(CreditCommand.MaxIdLength).IsOrdinal(collation);
        builder.Property(g => g.Source).Is("source").HasMaxLength(CreditCommand.MaxActionLength);
        builder.Property(g => g.Credits).Is("credits");
        builder.Property(g => g.Free).Is("free");
        builder.Property(g => g.Reserved).Is("reserved");
        builder.Property(g => g.Revoked).Is("revoked");
        builder.Property(g => g.GrantedAt).Is("granted_at");
        builder.Property(g => g.ExpiresAt).Is("expires_at");
        builder.Property(g => g.UsableUntil).Is("usable_until");
        builder.Property(g => g.IsLive).Is("is_live");
        builder.HasIndex(g => new { g.Account, g.IsLive }).HasDatabaseName("ix_credit_grants_live");
        builder.HasIndex(g => new { g.IsLive, g.UsableUntil }).HasDatabaseName("ix_credit_grants_due");
        builder.HasAnnotation("Npgsql:StorageParameter:fillfactor", 70);
    }
}

internal sealed class CreditReservationRowConfiguration(string? collation)
    : IEntityTypeConfiguration<CreditReservationRow>
{
    public void Configure(EntityTypeBuilder<CreditReservationRow> builder)
    {
        builder.ToTable("credit_reservations");
        builder.HasKey(r => new { r.Account, r.OperationId });
        builder.Property(r => r.Account).IsAccount(collation);
        builder
            .Property(r => r.OperationId)
            .Is("operation_id")
            .HasMaxLength(CreditCommand.MaxIdLength)
            .IsOrdinal(collation);
        builder.Property(r => r.Attempt).Is("attempt");
        builder.Property(r => r.Action).Is("action").HasMaxLength(CreditCommand.MaxActionLength);
        builder.Property(r => r.Credits).Is("credits");
        builder.Property(r => r.Committed).Is("committed");
        builder.Property(r => r.State).Is("state");
        builder.Property(r => r.ReservedAt).Is("reserved_at");
        builder.Property(r => r.Deadline).Is("deadline");
        builder.Property(r => r.BalanceAfter).Is("balance_after");
        builder.Property(r => r.BalanceAtEnd).Is("balance_at_end");
        builder.Property(r => r.EndedAt).Is("ended_at");
        builder.Property(r => r.Burns).Is("burns");
        builder
            .HasIndex(r => new { r.Account, r.Deadline })
            .HasFilter("state = 1")
            .HasDatabaseName("ix_credit_reservations_open");
        builder.HasIndex(r => r.Deadline).HasFilter("state = 1").HasDatabaseName("ix_credit_reservations_due");
    }
}

internal sealed class CreditEntryRowConfiguration(string? collation) : IEntityTypeConfiguration<CreditEntryRow>
{
    public void Configure(EntityTypeBuilder<CreditEntryRow> builder)
    {
        builder.ToTable("usage_logs");
        builder.HasKey(e => new { e.Account, e.Sequence });
        builder.Property(e => e.Account).IsAccount(collation);
        builder.Property(e => e.Sequence).Is("sequence").ValueGeneratedNever();
        builder
            .Property(e => e.OperationId)
            .Is("operation_id")
            .HasMaxLength(CreditColumns.OperationIdLength)
            .IsOrdinal(collation);
        builder.Property(e => e.Attempt).Is("attempt");
        builder.Property(e => e.Kind).Is("kind");
        builder.Property(e => e.Action).Is("action").HasMaxLength(CreditCommand.MaxActionLength);
        builder.Property(e => e.Credits).Is("credits");
        builder.Property(e => e.Balance).Is("balance");
        builder.Property(e => e.Target).Is("target").HasMaxLength(CreditCommand.MaxIdLength);
        builder.Property(e => e.Grants).Is("grants");
        builder.Property(e => e.At).Is("at");

        // The idempotency keys of grants, spends, revokes, restores and merges. A reserve's key is its reservation's row.
        builder
            .HasIndex(e => new { e.Account, e.OperationId })
            .IsUnique()
            .HasFilter($"kind IN ({CreditColumns.KeyKinds})")
            .HasDatabaseName("ux_usage_logs_operation");
    }
}
