using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Guests;

/// <summary>
/// Lets guests through an app's own authorization, where a policy names <see cref="GuestDefaults.AuthenticationScheme"/>. Nowhere
/// else is a guest signed in.
/// </summary>
internal sealed class GuestAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    GuestWallets wallets
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The guest whose wallet a request brings; null when there is none, or somebody is signed in.</summary>
    public static ClaimsPrincipal? FindGuest(HttpContext context, GuestWallets wallets)
    {
        // Who says by a token to be somebody is no guest, whatever wallet the browser has.
        if (
            IsSignedIn(context.User)
            || context.Request.Headers.Authorization.Count > 0
            || wallets.Find(context) is not { } account
        )
        {
            return null;
        }

        var owner = new Claim(ClaimTypes.NameIdentifier, account.Owner);
        return new ClaimsPrincipal(new ClaimsIdentity([owner], GuestDefaults.AuthenticationScheme));
    }

    /// <summary>Whether somebody is signed in who is no guest.</summary>
    public static bool IsSignedIn(ClaimsPrincipal user) =>
        user.Identities.Any(i =>
            i is { IsAuthenticated: true, AuthenticationType: not GuestDefaults.AuthenticationScheme }
        );

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            FindGuest(Context, wallets) is { } guest
                ? AuthenticateResult.Success(new(guest, Scheme.Name))
                : AuthenticateResult.NoResult()
        );
}
