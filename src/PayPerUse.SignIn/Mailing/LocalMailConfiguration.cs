using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PayPerUse.SignIn.Codes;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Mailing;

internal sealed class LocalMailConfiguration(string table) : IEntityTypeConfiguration<LocalMail>
{
    public void Configure(EntityTypeBuilder<LocalMail> builder)
    {
        builder.ToTable(table).HasKey(m => m.Id);
        builder.Property(m => m.To).HasMaxLength(EmailAddress.MaxLength);
        builder.Property(m => m.At).HasConversion<UnixMilliseconds>();
        builder.HasIndex(m => new { m.To, m.Id });
    }
}
