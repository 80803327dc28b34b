using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A server that lets guests in.</summary>
internal static class GuestHouse
{
    public static Task<HttpHouse> StartAsync(Action<WebApplication>? use = null) =>
        HttpHouse.StartAsync(s =>
        {
            s.Use = app =>
            {
                app.UseAuthentication();
                use?.Invoke(app);
                app.UseAuthorization();
            };
            s.Services = services =>
            {
                services.AddDataProtection();
                services.AddSingleton<MovedGuests>();
            };
            s.PayPerUse = p => p.AddGuestWallets().AddGuestWallets().AddAccountMergeHandler<MovesLetters>();
            s.Map = app =>
            {
                app.MapPost("/letters", () => "Dear child").RequireCredits("letter");
                app.MapGet(
                        "/for-guests",
                        (HttpContext c) =>
                            c.User.FindFirst(f => f.Type.EndsWith("nameidentifier", StringComparison.Ordinal))!.Value
                    )
                    .RequireAuthorization(p =>
                        p.AddAuthenticationSchemes(GuestDefaults.AuthenticationScheme, HeaderAuthentication.Name)
                            .RequireAuthenticatedUser()
                    );
                app.MapGet("/is-guest", (HttpContext c) => c.User.IsGuest().ToString());
                app.MapGet("/for-users", () => "in").RequireAuthorization();
            };
        });
}

/// <summary>What the app was told of, and whether it can do its part.</summary>
internal sealed class MovedGuests
{
    public List<(AccountId Source, AccountId Target)> Calls { get; } = [];

    public bool Fails { get; set; }
}

internal sealed class MovesLetters(MovedGuests moved) : IAccountMergeHandler
{
    public Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken)
    {
        if (moved.Fails)
        {
            throw new InvalidOperationException("The letters are locked.");
        }

        moved.Calls.Add((source, target));
        return Task.CompletedTask;
    }
}
