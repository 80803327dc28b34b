using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;

namespace PayPerUse.Http.Events;

/// <summary>Asks whether a request that runs for long would still be let in: its cookie or token may have ended meanwhile.</summary>
/// <remarks>
/// Authentication handlers remember their answer for one request, so a copy of the request is asked, in a scope of its own.
/// </remarks>
internal sealed class SessionCheck(IServiceScopeFactory scopes)
{
    public async Task<bool> IsStillSignedInAsync(
        HttpContext context,
        AccountId account,
        CancellationToken cancellationToken
    )
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var copy = CopyOf(context, scope.ServiceProvider);
            var schemes = await SchemesOfAsync(context, scope.ServiceProvider).ConfigureAwait(false);
            if (schemes.Count > 0)
            {
                var identities = new List<ClaimsIdentity>();
                foreach (var scheme in schemes)
                {
                    var result = await copy.AuthenticateAsync(scheme).ConfigureAwait(false);
                    identities.AddRange(result.Principal?.Identities ?? []);
                }

                copy.User = new ClaimsPrincipal(identities);
            }

            var resolver = scope.ServiceProvider.GetRequiredService<IAccountResolver>();
            return await resolver.ResolveAsync(copy, cancellationToken).ConfigureAwait(false) == account;
        }
    }

    /// <summary>The schemes that made the request's user; none when something else did.</summary>
    private static async Task<List<string>> SchemesOfAsync(HttpContext context, IServiceProvider services)
    {
        var ticket = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket;
        var provider = services.GetService<IAuthenticationSchemeProvider>();
        var known = new List<string>();
        if (ticket is null || provider is null)
        {
            return known;
        }

        // A policy of several schemes names them all, joined.
        foreach (var name in ticket.AuthenticationScheme.Split(';'))
        {
            if (await provider.GetSchemeAsync(name).ConfigureAwait(false) is not null)
            {
                known.Add(name);
            }
        }

        return known;
    }

    private static DefaultHttpContext CopyOf(HttpContext context, IServiceProvider services)
    {
        var request = context.Request;
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
        {
            headers[name] = value;
        }

        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(
            new HttpRequestFeature
            {
                Method = request.Method,
                Scheme = request.Scheme,
                Protocol = request.Protocol,
                PathBase = request.PathBase.Value ?? "",
                Path = request.Path.Value ?? "",
                QueryString = request.QueryString.Value ?? "",
                Headers = headers,
            }
        );
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        features.Set(context.Features.Get<IHttpConnectionFeature>());
        features.Set(context.Features.Get<ITlsConnectionFeature>());
        var copy = new DefaultHttpContext(features) { RequestServices = services, User = context.User };
        copy.SetEndpoint(context.GetEndpoint());
        return copy;
    }
}
