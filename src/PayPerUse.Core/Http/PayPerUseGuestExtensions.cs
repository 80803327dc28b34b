using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http;
using PayPerUse.Http.Guests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Guests in an app's own pages.</summary>
public static class PayPerUseGuestExtensions
{
    /// <summary>
    /// Lets a guest with a wallet be <c>HttpContext.User</c> where nobody is signed in, so that what an app asks of its users by
    /// <c>[Authorize]</c> lets guests in too, and their letters have an owner. Goes after <c>UseAuthentication</c>, before
    /// <c>UseAuthorization</c>. Without it only policies that name <see cref="GuestDefaults.AuthenticationScheme"/> do.
    /// </summary>
    /// <param name="app">The app.</param>
    public static IApplicationBuilder UseGuestWallets(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var wallets =
            app.ApplicationServices.GetService<GuestWallets>()
            ?? throw new InvalidOperationException("UseGuestWallets needs AddPayPerUse().AddGuestWallets().");
        return app.Use(
            (context, next) =>
            {
                if (GuestAuthentication.FindGuest(context, wallets) is { } guest)
                {
                    context.User = guest;
                }

                return next(context);
            }
        );
    }

    /// <summary>Whether somebody is a guest: with a wallet, and without an account.</summary>
    /// <param name="user">Who.</param>
    public static bool IsGuest(this ClaimsPrincipal user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return user.Identity is { IsAuthenticated: true, AuthenticationType: GuestDefaults.AuthenticationScheme };
    }
}
