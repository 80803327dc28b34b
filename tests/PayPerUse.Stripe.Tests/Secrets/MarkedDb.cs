using Microsoft.EntityFrameworkCore;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>The shop's one database: credits, payments and who signs in.</summary>
public sealed class MarkedDb(DbContextOptions<MarkedDb> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.UsePayPerUse().UsePayPerUseSignIn();
    }
}
