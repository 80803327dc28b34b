#region context-file
using Microsoft.EntityFrameworkCore;

#region context
public sealed class AppDbContext(DbContextOptions<AppDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.UsePayPerUse();
}
#endregion
#endregion
