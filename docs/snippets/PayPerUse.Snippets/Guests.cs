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
            .AddAccountMergeHandler<PicturesMove>();
        #endregion
    }

    public static void AddRows(IPayPerUseBuilder payPerUse)
    {
        #region guests-rows
        payPerUse.AddAccountRows<LettersDbContext, OwnedLetter>("letters", l => l.Owner);
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
public sealed class PicturesMove(string folder) : IAccountMergeHandler
{
    public Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken)
    {
        var to = Directory.CreateDirectory(Path.Combine(folder, target.Owner)).FullName;
        var from = new DirectoryInfo(Path.Combine(folder, source.Owner));
        foreach (var picture in from.Exists ? from.GetFiles() : [])
        {
            picture.MoveTo(Path.Combine(to, picture.Name));
        }

        return Task.CompletedTask;
    }
}
#endregion
