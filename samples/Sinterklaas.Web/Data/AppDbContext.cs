using System.Text.Json;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Sinterklaas.Web.Data;

/// <summary>Everything the site keeps, its credits and payments included.</summary>
public abstract class AppDbContext(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<Gift> Gifts => Set<Gift>();

    public DbSet<GiftSound> GiftSounds => Set<GiftSound>();

    // Session cookies are encrypted with these keys: in the database, so that every host can read them.
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePayPerUse();
        modelBuilder.UsePayPerUseSignIn("users", "sessions");
        modelBuilder.UseLocalMailbox("mails");
        modelBuilder.Entity<Gift>(gift =>
        {
            gift.ToTable("gifts").HasIndex(g => new { g.UserId, g.CreatedAt });
            gift.Property(g => g.Id).HasMaxLength(40);
            // The owner of the credits: a user, or a guest, who has no row.
            gift.Property(g => g.UserId).HasMaxLength(40);
            gift.HasIndex(g => g.ShareHash).IsUnique();
            gift.Property(g => g.ShareHash).HasMaxLength(64);
            gift.ComplexProperty(g => g.Input, MapInput);
            // SQLite cannot compare a DateTimeOffset; a number of milliseconds compares everywhere.
            gift.Property(g => g.CreatedAt)
                .HasConversion(at => at.ToUnixTimeMilliseconds(), at => DateTimeOffset.FromUnixTimeMilliseconds(at));
            gift.HasOne(g => g.Sound).WithOne().HasForeignKey<GiftSound>(s => s.GiftId);
        });
        modelBuilder.Entity<GiftSound>().ToTable("gift_sounds").HasKey(s => s.GiftId);
        modelBuilder.Entity<DataProtectionKey>().ToTable("data_protection_keys");
    }

    // Columns of the gift's own table; the other children, whom no query asks for, are one of them.
    private static void MapInput(ComplexPropertyBuilder<GiftInput> input)
    {
        input.Ignore(i => i.All);
        input
            .Property(i => i.Children)
            .HasConversion(
                children => JsonSerializer.Serialize(children, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<Child[]>(json, JsonSerializerOptions.Web),
                ValueComparer.CreateDefault<IReadOnlyList<Child>?>(favorStructuralComparisons: false)
            );
        foreach (var property in input.Metadata.ComplexType.GetProperties())
        {
            property.SetColumnName(property.Name);
            property.IsNullable = property.Name is "Children" or "ToImprove" or "ParentNote";
        }
    }
}

/// <summary>The same model on SQLite; owns the migrations in <c>Migrations/Sqlite</c>.</summary>
public sealed class SqliteAppDbContext(DbContextOptions<SqliteAppDbContext> options) : AppDbContext(options);

/// <summary>The same model on PostgreSQL; owns the migrations in <c>Migrations/PostgreSQL</c>.</summary>
public sealed class PostgreSqlAppDbContext(DbContextOptions<PostgreSqlAppDbContext> options) : AppDbContext(options);
