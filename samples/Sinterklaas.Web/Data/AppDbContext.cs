using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PayPerUse.SignIn;

namespace Sinterklaas.Web.Data;

/// <summary>Everything the site keeps, its credits and payments included.</summary>
public abstract class AppDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<StoredMail> Mails => Set<StoredMail>();

    public DbSet<Gift> Gifts => Set<Gift>();

    public DbSet<GiftSound> GiftSounds => Set<GiftSound>();

    // Session cookies are encrypted with these keys: in the database, so that every host can read them.
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePayPerUse();
        modelBuilder.UsePayPerUseSignIn("users", "sessions");
        modelBuilder.Entity<StoredMail>(mail =>
        {
            mail.ToTable("mails").HasIndex(m => new { m.To, m.Id });
            mail.Property(m => m.To).HasMaxLength(254);
        });
        modelBuilder.Entity<Gift>(gift =>
        {
            gift.ToTable("gifts").HasIndex(g => new { g.UserId, g.CreatedAt });
            gift.Property(g => g.Id).HasMaxLength(40);
            // The owner of the credits: a user, or a guest, who has no row.
            gift.Property(g => g.UserId).HasMaxLength(40);
            gift.HasOne(g => g.Sound).WithOne().HasForeignKey<GiftSound>(s => s.GiftId);
        });
        modelBuilder.Entity<GiftSound>().ToTable("gift_sounds").HasKey(s => s.GiftId);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
    }

    // SQLite cannot compare a DateTimeOffset; a number of milliseconds compares everywhere.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    private sealed class UnixMilliseconds()
        : ValueConverter<DateTimeOffset, long>(
            time => time.ToUnixTimeMilliseconds(),
            value => DateTimeOffset.FromUnixTimeMilliseconds(value)
        );
}

/// <summary>The same model on SQLite; owns the migrations in <c>Migrations/Sqlite</c>.</summary>
public sealed class SqliteAppDbContext(DbContextOptions<SqliteAppDbContext> options) : AppDbContext(options);

/// <summary>The same model on PostgreSQL; owns the migrations in <c>Migrations/PostgreSQL</c>.</summary>
public sealed class PostgreSqlAppDbContext(DbContextOptions<PostgreSqlAppDbContext> options) : AppDbContext(options);
