using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Who is let in, and from where.</summary>
public sealed class GuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Endpoints =>
        new()
        {
            { "GET", "/credits/status" },
            { "POST", "/credits/use" },
            { "GET", "/credits/history" },
            { "GET", "/credits/events" },
            { "GET", "/payments/packs" },
            { "POST", "/payments/create" },
            { "GET", "/payments/0123456789abcdef0123456789abcdef" },
            { "POST", "/payments/0123456789abcdef0123456789abcdef/cancel" },
            { "GET", "/payments/0123456789abcdef0123456789abcdef/qr.svg" },
            { "GET", "/payments/0123456789abcdef0123456789abcdef/qr.png" },
        };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Anonymous_is_401(string method, string path)
    {
        await using var house = await HttpHouse.StartAsync();
        using var nobody = house.MakeClient(null);

        await (await house.SendAsync(new HttpMethod(method), path, client: nobody)).ProblemAsync(
            401,
            "sign-in-required"
        );
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Anonymous_is_401_also_where_the_app_shows_a_login_page_by_default(string method, string path)
    {
        await using var house = await HttpHouse.StartAsync(WithLoginPage);
        using var nobody = house.MakeClient(null);

        await (await house.SendAsync(new HttpMethod(method), path, client: nobody)).ProblemAsync(
            401,
            "sign-in-required"
        );
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_cross_site_request_is_403_when_it_is_unsafe(string method, string path)
    {
        await using var house = await HttpHouse.StartAsync();

        using var answer = await house.SendAsync(
            new HttpMethod(method),
            path,
            change: r => r.Headers.Add("Origin", "https://evil.example")
        );

        if (method == "POST")
        {
            await answer.ProblemAsync(403, "cross-site");
        }
        else
        {
            Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("cross-site", null, true)]
    [InlineData("same-site", null, true)]
    [InlineData("Cross-Site", null, true)]
    [InlineData("same-origin", null, false)]
    [InlineData("none", null, false)]
    [InlineData(null, null, false)]
    [InlineData(null, "null", true)]
    [InlineData(null, "https://evil.example", true)]
    [InlineData(null, "https://127.0.0.1:PORT", true)]
    [InlineData(null, "http://127.0.0.1", true)]
    [InlineData(null, "http://127.0.0.1.evil.example:PORT", true)]
    [InlineData(null, "garbage", true)]
    [InlineData(null, "http://127.0.0.1:PORT", false)]
    [InlineData("same-origin", "http://127.0.0.1:PORT", false)]
    [InlineData("same-origin", "https://evil.example", true)]
    [InlineData("cross-site", "http://127.0.0.1:PORT", true)]
    [InlineData(null, "https://sint.example", false)]
    [InlineData("cross-site", "https://app.example", false)]
    public async Task Cross_site_is_told_by_Sec_Fetch_Site_and_Origin(string? site, string? origin, bool isRefused)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Options = o => o.PublicUrl = new Uri("https://sint.example/base");
            s.PayPerUse = b => b.ConfigureHttp(o => o.TrustedOrigins.Add("https://app.example"));
        });
        await house.GrantAsync(3);

        var answer = await house.SendAsync(
            HttpMethod.Post,
            "/credits/use",
            JsonNode.Parse("""{"action":"letter"}"""),
            change: r =>
            {
                if (site is not null)
                {
                    r.Headers.Add("Sec-Fetch-Site", site);
                }

                if (origin is not null)
                {
                    r.Headers.TryAddWithoutValidation(
                        "Origin",
                        origin.Replace("PORT", $"{house.Address.Port}", StringComparison.Ordinal)
                    );
                }
            }
        );

        if (isRefused)
        {
            await answer.ProblemAsync(403, "cross-site");
        }
        else
        {
            await answer.JsonAsync();
        }
    }

    [Fact]
    public async Task A_flood_is_429_before_all_else_and_only_for_who_floods()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.PayPerUse = b => b.ConfigureHttp(o => o.Flood = new FloodLimit(3, 1));
            s.Map = app => app.MapPost("/letters", () => "").RequireCredits("letter");
        });
        for (var i = 0; i < 3; i++)
        {
            await (await house.Client.GetAsync("/credits/status", Token)).JsonAsync();
        }

        await (await house.Client.GetAsync("/credits/status", Token)).ProblemAsync(429, "too-many-requests");
        await (await house.Client.PostAsync("/letters", null, Token)).ProblemAsync(429, "too-many-requests");
        using var bram = house.MakeClient("bram");
        using var nobody = house.MakeClient(null);
        await (await bram.GetAsync("/credits/status", Token)).JsonAsync();
        await (await nobody.GetAsync("/credits/status", Token)).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task A_user_whose_claim_cannot_own_credits_is_401()
    {
        await using var house = await HttpHouse.StartAsync();
        using var odd = house.MakeClient("a/b");

        await (await odd.GetAsync("/credits/status", Token)).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task Accounts_can_be_resolved_another_way()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Services = services => services.AddScoped<IAccountResolver, TenantResolver>()
        );
        await house.GrantAsync(4, "tenant-1");
        using var client = house.MakeClient(null);
        client.DefaultRequestHeaders.Add("X-Tenant", "tenant-1");

        var status = await (await client.GetAsync("/credits/status", Token)).JsonAsync();

        Assert.Equal(4, (long?)status["balance"]);
    }

    [Fact]
    public async Task What_the_app_requires_of_all_endpoints_holds_but_webhooks_and_the_return_page_stay_open()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Prefix = "/first";
            s.Services = services =>
                services.AddAuthorizationBuilder().AddPolicy("never", p => p.RequireAssertion(_ => false));
            s.Map = app => app.MapPayPerUse("/second").RequireAuthorization("never");
        });

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await house.Client.GetAsync("/second/credits/status", Token)).StatusCode
        );
        Assert.Equal(HttpStatusCode.OK, (await house.Client.GetAsync("/first/credits/status", Token)).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await house.Client.GetAsync("/second/payments/x/return", Token)).StatusCode
        );
        await (await house.Client.PostAsync("/second/payments/webhook", null, Token)).ProblemAsync(
            400,
            "unknown-provider"
        );
    }

    [Fact]
    public async Task Answers_are_not_kept_by_anybody()
    {
        await using var house = await HttpHouse.StartAsync();

        foreach (var path in new[] { "/credits/status", "/credits/history", "/payments/packs", "/payments/x" })
        {
            var answer = await house.Client.GetAsync(path, Token);

            Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        }
    }

    private static void WithLoginPage(HttpHouseSetup setup) =>
        setup.Services = services =>
        {
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            services
                .AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(o => o.LoginPath = "/login");
            services
                .AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        };

    private sealed class TenantResolver : IAccountResolver
    {
        public ValueTask<AccountId?> ResolveAsync(HttpContext context, CancellationToken cancellationToken) =>
            new(context.Request.Headers["X-Tenant"].FirstOrDefault() is { } tenant ? new AccountId(tenant) : null);
    }
}
