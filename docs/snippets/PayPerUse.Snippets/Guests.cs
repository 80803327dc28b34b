using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using PayPerUse.Http;

namespace PayPerUse.Snippets;

/// <summary>What docs/guests.md shows.</summary>
public static class Guests
{
    public static void Add(WebApplicationBuilder builder)
    {
        #region guests-add
        builder.Services.AddDataProtection();
        builder
            .Services.AddPayPerUse()
            .UseEntityFrameworkCore<AppDbContext>()
            .AddGuestWallets()
            .AddAccountMergeHandler<LettersMove>();
        #endregion
    }

    public static void Use(WebApplication app)
    {
        #region guests-use
        app.UseAuthentication();
        app.UseGuestWallets();
        app.UseAuthorization();
        #endregion
    }

    public static void Policy(WebApplication app, Delegate writeLetter)
    {
        #region guests-policy
        app.MapPost("/letters", writeLetter)
            .RequireCredits("letter")
            .RequireAuthorization(policy =>
                policy
                    .AddAuthenticationSchemes(GuestDefaults.AuthenticationScheme, "Cookies")
                    .RequireAuthenticatedUser()
            );
        #endregion
    }
}

/// <summary>A letter of the app's own.</summary>
public sealed class OwnedLetter
{
    public int Id { get; set; }

    public required string Owner { get; set; }
}

/// <summary>The app's own tables.</summary>
public sealed class LettersDbContext(DbContextOptions<LettersDbContext> options) : DbContext(options)
{
    public DbSet<OwnedLetter> Letters => Set<OwnedLetter>();
}

#region guests-handler
public sealed class LettersMove(LettersDbContext db) : IAccountMergeHandler
{
    public Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken) =>
        db
            .Letters.Where(l => l.Owner == source.Owner)
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.Owner, target.Owner), cancellationToken);
}
#endregion
