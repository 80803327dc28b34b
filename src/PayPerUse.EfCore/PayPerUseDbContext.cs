using Microsoft.EntityFrameworkCore;

namespace PayPerUse.EfCore;

/// <summary>A context with the tables of PayPerUse and nothing else, for apps that keep them apart from their own.</summary>
public class PayPerUseDbContext : DbContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="options">Which database.</param>
    public PayPerUseDbContext(DbContextOptions<PayPerUseDbContext> options)
        : base(options) { }

    /// <summary>Makes a derived context.</summary>
    /// <param name="options">Which database.</param>
    protected PayPerUseDbContext(DbContextOptions options)
        : base(options) { }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePayPerUse();
    }
}
