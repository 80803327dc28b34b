using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Events;

/// <summary>Ends a user's streams when a cookie session is signed out. The app's own sign-out events run first.</summary>
internal sealed class EndStreamsAtSignOut(BalanceStreams streams) : IPostConfigureOptions<CookieAuthenticationOptions>
{
    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        var signingOut = options.Events.OnSigningOut;
        options.Events.OnSigningOut = async context =>
        {
            await signingOut(context).ConfigureAwait(false);
            var http = context.HttpContext;
            var resolver = http.RequestServices.GetRequiredService<IAccountResolver>();
            if (await resolver.ResolveAsync(http, http.RequestAborted).ConfigureAwait(false) is { } account)
            {
                streams.End(account);
            }
        };
    }
}
