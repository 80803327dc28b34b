using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Sinterklaas.Web.Data;

/// <summary>Everything the site keeps, its credits and payments included.</summary>
public abstract class AppDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<User> Users => Set<User>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SignInCode> SignInCodes => Set<SignInCode>();

    public DbSet<SignInTry> SignInTries => Set<SignInTry>();

    public DbSet<StoredMail> Mails => Set<StoredMail>();

    public DbSet<Gift> Gifts => Set<Gift>();

    public DbSet<GiftSound> GiftSounds => Set<GiftSound>();

    // Session cookies are encrypted with these keys: in the database, so that every host can read them.
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePayPerUse();
        modelBuilder.Entity<User>(user =>
        {
            user.ToTable("users").Property(u => u.Id).HasMaxLength(40);
            user.Property(u => u.Email).HasMaxLength(254);
            user.HasIndex(u => u.Email).IsUnique();
        });
        modelBuilder.Entity<Session>(session =>
        {
            session.ToTable("sessions").Property(s => s.Id).HasMaxLength(40);
            session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        });
        modelBuilder.Entity<SignInCode>(code =>
        {
            code.ToTable("sign_in_codes").HasIndex(c => new { c.Email, c.Id });
            code.Property(c => c.Email).HasMaxLength(254);
            code.Property(c => c.TicketHash).HasMaxLength(64);
            code.Property(c => c.CodeHash).HasMaxLength(64);
        });
        modelBuilder.Entity<SignInTry>(attempt =>
        {
            attempt.ToTable("sign_in_tries").HasIndex(t => new { t.Key, t.At });
            attempt.HasIndex(t => t.At);
            attempt.Property(t => t.Key).HasMaxLength(300);
        });
        modelBuilder.Entity<StoredMail>(mail =>
        {
            mail.ToTable("mails").HasIndex(m => new { m.To, m.Id });
            mail.Property(m => m.To).HasMaxLength(254);
        });
        modelBuilder.Entity<Gift>(gift =>
        {
            gift.ToTable("gifts").HasIndex(g => new { g.UserId, g.CreatedAt });
            gift.Property(g => g.Id).HasMaxLength(40);
            gift.HasOne<User>().WithMany().HasForeignKey(g => g.UserId);
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
