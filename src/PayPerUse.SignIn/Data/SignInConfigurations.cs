using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Sessions;

namespace PayPerUse.SignIn.Data;

// Columns are named as the app's own conventions name them. Instants are UTC milliseconds: a number compares in every database.
internal sealed class UnixMilliseconds()
    : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        value => DateTimeOffset.FromUnixTimeMilliseconds(value)
    );

internal sealed class SignInUserConfiguration(string table) : IEntityTypeConfiguration<SignInUser>
{
    public void Configure(EntityTypeBuilder<SignInUser> builder)
    {
        builder.ToTable(table).HasKey(u => u.Id);
        builder.Property(u => u.Id).HasMaxLength(40);
        builder.Property(u => u.Email).HasMaxLength(EmailAddress.MaxLength);
        builder.Property(u => u.CreatedAt).HasConversion<UnixMilliseconds>();
        builder.HasIndex(u => u.Email).IsUnique();
    }
}

internal sealed class SignInSessionConfiguration(string table) : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> builder)
    {
        builder.ToTable(table).HasKey(s => s.Id);
        builder.Property(s => s.Id).HasMaxLength(40);
        builder.Property(s => s.CreatedAt).HasConversion<UnixMilliseconds>();
        builder.HasOne<SignInUser>().WithMany().HasForeignKey(s => s.UserId);
    }
}

internal sealed class SignInCodeConfiguration : IEntityTypeConfiguration<SignInCode>
{
    public void Configure(EntityTypeBuilder<SignInCode> builder)
    {
        builder.ToTable("sign_in_codes").HasKey(c => c.Id);
        builder.Property(c => c.Email).HasMaxLength(EmailAddress.MaxLength);
        builder.Property(c => c.TicketHash).HasMaxLength(64);
        builder.Property(c => c.CodeHash).HasMaxLength(64);
        builder.Property(c => c.ExpiresAt).HasConversion<UnixMilliseconds>();
        builder.Property(c => c.UsedAt).HasConversion<UnixMilliseconds>();
        builder.HasIndex(c => new { c.Email, c.Id });
    }
}

internal sealed class SignInTryConfiguration : IEntityTypeConfiguration<SignInTry>
{
    public void Configure(EntityTypeBuilder<SignInTry> builder)
    {
        builder.ToTable("sign_in_tries").HasKey(t => t.Id);
        builder.Property(t => t.Key).HasMaxLength(300);
        builder.Property(t => t.At).HasConversion<UnixMilliseconds>();
        builder.HasIndex(t => new { t.Key, t.At });
        builder.HasIndex(t => t.At);
    }
}
