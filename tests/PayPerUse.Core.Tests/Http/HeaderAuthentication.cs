using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Whoever the header X-User names is signed in, unless the test signed them out.</summary>
internal sealed class HeaderAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    SignedOut signedOut
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Header";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var user = Request.Headers["X-User"].ToString();
        if (user.Length == 0 || signedOut.Contains(user))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], Name);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name)));
    }
}

/// <summary>Users whose session was ended on the server.</summary>
internal sealed class SignedOut
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _users = new();

    public void Add(string user) => _users[user] = true;

    public bool Contains(string user) => _users.ContainsKey(user);
}
