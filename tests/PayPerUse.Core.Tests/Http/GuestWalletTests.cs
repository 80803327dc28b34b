using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A guest's whole life over a real server: wallet, order, use, claim.</summary>
public sealed class GuestWalletTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_wallet_anonymous_is_401_as_ever()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        foreach (var path in new[] { "/credits/status", "/credits/history", "/payments/packs" })
        {
            await (await browser.GetAsync(path)).ProblemAsync(401, "sign-in-required");
        }

        await (await browser.PostAsync("/credits/claim")).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task Only_an_explicit_post_of_our_own_pages_makes_a_wallet()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        foreach (var site in new[] { "cross-site", "same-site" })
        {
            var refused = await browser.PostAsync("/credits/guest", change: r => r.Headers.Add("Sec-Fetch-Site", site));
            await refused.ProblemAsync(403, "cross-site");
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        var made = await browser.PostAsync("/credits/guest");
        Assert.Equal(
            """{"balance":0,"reserved":0,"nextExpiry":null}""",
            (await made.JsonAsync(HttpStatusCode.Created)).ToJsonString()
        );
        var cookie = Assert.Single(made.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("payperuse.guest=", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=34560000", cookie, StringComparison.OrdinalIgnoreCase);

        await (await browser.GetAsync("/credits/status")).JsonAsync();
        var again = await browser.PostAsync("/credits/guest");
        await again.JsonAsync(HttpStatusCode.OK);
        var account = await browser.AccountAsync();
        var versions = await house.Services.GetRequiredService<ICreditVersions>().ReadVersionsAsync([account], Token);
        Assert.Equal(0, versions.GetValueOrDefault(account));
    }

    [Fact]
    public async Task Over_https_the_cookie_is_secure_and_of_this_host_alone()
    {
        await using var house = await StartAsync();
        var context = new DefaultHttpContext { RequestServices = house.Services };
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("sint.example");
        house.Services.GetRequiredService<PayPerUse.Http.Guests.GuestWallets>().Make(context);
        var cookie = context.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-payperuse.guest=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_forged_or_damaged_wallet_is_no_wallet()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        foreach (var forged in new[] { "guest-0123", browser.Cookie![..^4] + "AAAA", new string('x', 5000) })
        {
            using var forger = new Browser(house) { Cookie = forged };
            await (await forger.GetAsync("/credits/status")).ProblemAsync(401, "sign-in-required");
        }
    }

    [Fact]
    public async Task A_guest_pays_uses_and_claims_and_the_wallet_is_dead_afterwards()
    {
        await using var house = await StartAsync();
        await house.GrantAsync(2);
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        var stream = await browser.GetAsync("/credits/events");
        var payment = await browser.PayAsync();
        Assert.Equal(5, await browser.BalanceAsync());
        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync("/letters")).StatusCode);
        await (await browser.PostAsync("/credits/use", new JsonObject { ["action"] = "letter" })).JsonAsync();
        var guest = await browser.AccountAsync();

        // Another browser is signed in too, and has no wallet.
        await (await house.SendAsync(HttpMethod.Post, "/credits/claim")).ProblemAsync(404, "no-guest-wallet");
        var wallet = browser.Cookie;
        browser.User = "anna";
        var claimed = await browser.PostAsync("/credits/claim");
        Assert.Equal(5, (long)(await claimed.JsonAsync())["balance"]!);
        Assert.Equal("", browser.Cookie);
        Assert.Equal(5, await house.BalanceAsync());
        Assert.Equal([(guest, HttpHouse.Anna)], house.Services.GetRequiredService<Moved>().Calls);
        Assert.Equal("paid", (string?)(await (await browser.GetAsync("/payments/" + payment)).JsonAsync())["status"]);

        using var thief = new Browser(house) { Cookie = wallet };
        foreach (var path in new[] { "/credits/status", "/credits/history", "/credits/events", "/payments/" + payment })
        {
            await (await thief.GetAsync(path)).ProblemAsync(401, "sign-in-required");
        }

        await (await thief.PostAsync("/letters")).ProblemAsync(401, "sign-in-required");
        await (await thief.PostAsync("/credits/use", new JsonObject { ["action"] = "letter" })).ProblemAsync(
            401,
            "sign-in-required"
        );
        await (await thief.PostAsync("/payments/create", new JsonObject { ["pack"] = "five" })).ProblemAsync(
            401,
            "sign-in-required"
        );

        // The stream of the guest's page ended, so that the page asks who it is now.
        using (stream)
        using (var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Token)))
        {
            Assert.Contains("\"balance\":0", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        }

        // Claimed again with a copy of the wallet it is done, and the app may finish what it had not.
        using var copy = new Browser(house) { Cookie = wallet, User = "anna" };
        await (await copy.PostAsync("/credits/claim")).JsonAsync();
        Assert.Equal(2, house.Services.GetRequiredService<Moved>().Calls.Count);
        using var other = new Browser(house) { Cookie = wallet, User = "bert" };
        await (await other.PostAsync("/credits/claim")).ProblemAsync(409, "already-claimed");
        Assert.Equal((5, 0), (await house.BalanceAsync(), await house.BalanceAsync("bert")));
    }

    [Fact]
    public async Task While_something_is_being_made_a_claim_says_try_again()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        var reserved = await house.Ledger.ReserveAsync(
            await browser.AccountAsync(),
            "k",
            1,
            "letter",
            cancellationToken: Token
        );
        browser.User = "anna";
        var busy = await browser.PostAsync("/credits/claim");
        await busy.ProblemAsync(409, "try-again");
        Assert.True(busy.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.NotEqual("", browser.Cookie);

        await house.Ledger.CommitAsync(reserved.Reservation!.ToId(await browser.AccountAsync()), 1, Token);
        Assert.Equal(4, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
    }

    [Fact]
    public async Task A_claim_whose_app_failed_is_made_good_by_asking_again()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        browser.User = "anna";
        var moved = house.Services.GetRequiredService<Moved>();
        moved.Fails = true;
        Assert.Equal(HttpStatusCode.InternalServerError, (await browser.PostAsync("/credits/claim")).StatusCode);
        Assert.NotEqual("", browser.Cookie);
        moved.Fails = false;
        Assert.Equal(5, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
        Assert.Single(moved.Calls);
        Assert.Equal("", browser.Cookie);
    }

    [Fact]
    public async Task A_payment_that_is_paid_after_the_claim_is_the_account_s()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        var created = await browser.PostAsync("/payments/create", new JsonObject { ["pack"] = "five" });
        var id = (string)(await created.JsonAsync(HttpStatusCode.Created))["id"]!;
        browser.User = "anna";
        await (await browser.PostAsync("/credits/claim")).JsonAsync();
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await house.Services.GetRequiredService<PaymentSettler>().SettleAsync(id, PaymentTrigger.Webhook, Token);
        Assert.Equal(5, await house.BalanceAsync());
        var shown = await (await browser.GetAsync("/payments/" + id)).JsonAsync();
        Assert.Equal("paid", (string?)shown["status"]);
    }

    [Fact]
    public async Task Who_is_signed_in_needs_no_wallet_and_never_uses_one()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        browser.User = "anna";
        Assert.Equal(0, await browser.BalanceAsync());
        await (await browser.PostAsync("/credits/guest")).ProblemAsync(409, "signed-in");
        await (
            await browser.PostAsync("/credits/claim", change: r => r.Headers.Add("Sec-Fetch-Site", "cross-site"))
        ).ProblemAsync(403, "cross-site");
        browser.User = null;
        Assert.Equal(5, await browser.BalanceAsync());
    }

    [Fact]
    public async Task Forms_go_back_to_their_page_and_never_to_another_site()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        var away = await browser.PostFormAsync("/credits/guest", "https://evil.example/");
        await away.ProblemAsync(400, "invalid-return-url");
        var made = await browser.PostFormAsync("/credits/guest", "/brief?x=1");
        Assert.Equal((HttpStatusCode.SeeOther, "/brief?x=1"), (made.StatusCode, made.Headers.Location?.OriginalString));
        Assert.Equal(0, await browser.BalanceAsync());
        browser.User = "anna";
        var claimed = await browser.PostFormAsync("/credits/claim", "/brief");
        Assert.Equal("/brief", claimed.Headers.Location?.OriginalString);
        var none = await browser.PostFormAsync("/credits/claim", "/brief");
        Assert.Equal("/brief?wallet=no-guest-wallet", none.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_page_is_told_of_this_claim_and_not_of_the_one_before()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        await browser.PayAsync();
        var guest = await browser.AccountAsync();
        var reserved = await house.Ledger.ReserveAsync(guest, "k", 1, "letter", cancellationToken: Token);
        browser.User = "anna";
        foreach (var page in new[] { "/brief?x=%20#end", "/brief?x=%20&wallet=try-again#end" })
        {
            var busy = await browser.PostFormAsync("/credits/claim", page);
            Assert.Equal("/brief?x=%20&wallet=try-again#end", busy.Headers.Location?.OriginalString);
        }

        await house.Ledger.ReleaseAsync(reserved.Reservation!.ToId(guest), Token);
        var claimed = await browser.PostFormAsync("/credits/claim", "/brief?wallet=try-again&x=%20#end");
        Assert.Equal("/brief?x=%20#end", claimed.Headers.Location?.OriginalString);
        using var other = new Browser(house) { User = "bert" };
        var none = await other.PostFormAsync("/credits/claim", "/brief?wallet=try-again");
        Assert.Equal("/brief?wallet=no-guest-wallet", none.Headers.Location?.OriginalString);
    }

    [Theory]
    [MemberData(nameof(HttpAnswers.UnreadableForms), MemberType = typeof(HttpAnswers))]
    public async Task A_form_that_cannot_be_read_makes_and_claims_nothing(string type, string body)
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);

        var refused = await browser.PostTextAsync("/credits/guest", body, type);
        Assert.Equal("body", (await refused.ProblemAsync(400, "invalid-request")).FieldsOf());
        Assert.Null(browser.Cookie);

        await browser.MakeWalletAsync();
        browser.User = "anna";
        await (await browser.PostTextAsync("/credits/claim", body, type)).ProblemAsync(400, "invalid-request");
        Assert.NotEqual("", browser.Cookie);
    }

    [Fact]
    public async Task A_policy_lets_guests_in_only_where_it_names_their_scheme()
    {
        await using var house = await StartAsync();
        using var browser = new Browser(house);
        await browser.MakeWalletAsync();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/for-guests")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/for-users")).StatusCode);
        browser.User = "anna";
        Assert.Equal("anna", await (await browser.GetAsync("/for-guests")).Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task With_the_middleware_guests_are_users_everywhere_and_claim_all_the_same()
    {
        await using var house = await StartAsync(app => app.UseGuestWallets());
        using var browser = new Browser(house);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/for-users")).StatusCode);
        await browser.MakeWalletAsync();
        foreach (var path in new[] { "/for-users", "/for-guests" })
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).StatusCode);
        }

        Assert.Equal("True", await (await browser.GetAsync("/is-guest")).Content.ReadAsStringAsync(Token));
        await browser.PayAsync();
        await (await browser.PostAsync("/credits/guest")).JsonAsync();
        await (await browser.PostAsync("/credits/claim")).ProblemAsync(401, "sign-in-required");
        browser.User = "anna";
        Assert.Equal("False", await (await browser.GetAsync("/is-guest")).Content.ReadAsStringAsync(Token));
        Assert.Equal(5, (long)(await (await browser.PostAsync("/credits/claim")).JsonAsync())["balance"]!);
    }

    private static Task<HttpHouse> StartAsync(Action<WebApplication>? use = null) =>
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
                services.AddSingleton<Moved>();
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

    private sealed class Moved
    {
        public List<(AccountId Source, AccountId Target)> Calls { get; } = [];

        public bool Fails { get; set; }
    }

    private sealed class MovesLetters(Moved moved) : IAccountMergeHandler
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

    /// <summary>A browser that keeps the one cookie that matters here, and may be signed in.</summary>
    private sealed class Browser(HttpHouse house) : IDisposable
    {
        private const string Name = "payperuse.guest";

        private readonly HttpClient _client = house.MakeClient(null);

        public string? Cookie { get; set; }

        public string? User { get; set; }

        public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

        public Task<HttpResponseMessage> PostAsync(
            string path,
            JsonNode? body = null,
            Action<HttpRequestMessage>? change = null
        )
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            change?.Invoke(request);
            return SendAsync(request);
        }

        public Task<HttpResponseMessage> PostFormAsync(string path, string returnUrl) =>
            SendAsync(
                new(HttpMethod.Post, path)
                {
                    Content = new FormUrlEncodedContent([KeyValuePair.Create("returnUrl", returnUrl)]),
                }
            );

        public Task<HttpResponseMessage> PostTextAsync(string path, string text, string contentType)
        {
            var content = new StringContent(text);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return SendAsync(new(HttpMethod.Post, path) { Content = content });
        }

        public async Task MakeWalletAsync() =>
            await (await PostAsync("/credits/guest")).JsonAsync(HttpStatusCode.Created);

        public async Task<long> BalanceAsync() =>
            (long)(await (await GetAsync("/credits/status")).JsonAsync())["balance"]!;

        public async Task<string> PayAsync()
        {
            var created = await PostAsync("/payments/create", new JsonObject { ["pack"] = "five" });
            var id = (string)(await created.JsonAsync(HttpStatusCode.Created))["id"]!;
            house.Provider.Set(id, ProviderPaymentStatus.Paid);
            await house.Services.GetRequiredService<PaymentSettler>().SettleAsync(id, PaymentTrigger.Webhook, Token);
            return id;
        }

        /// <summary>Who the guest is, which only the server knows.</summary>
        public Task<AccountId> AccountAsync()
        {
            var context = new DefaultHttpContext();
            context.Request.Scheme = "http";
            context.Request.Headers.Cookie = $"{Name}={Cookie}";
            return Task.FromResult(house.Services.GetRequiredService<IGuestWallets>().Find(context)!.Value);
        }

        public void Dispose() => _client.Dispose();

        private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            using (request)
            {
                if (Cookie is { Length: > 0 })
                {
                    request.Headers.Add("Cookie", $"{Name}={Cookie}");
                }

                if (User is not null)
                {
                    request.Headers.Add("X-User", User);
                }

                var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
                if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
                {
                    Cookie = cookies.Single().Split(';')[0][(Name.Length + 1)..];
                }

                return response;
            }
        }
    }
}
