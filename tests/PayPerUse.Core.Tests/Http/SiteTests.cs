using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Core.Tests.Http.Charging;
using PayPerUse.Core.Tests.Http.Pages;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What an app's own pages get: safe headers, languages, guarded forms, and the balance.</summary>
public sealed class SiteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_tells_browsers_to_load_nothing_from_elsewhere()
    {
        await using var house = await HttpHouse.StartAsync(s => s.Use = app => app.UseSecurityHeaders());

        using var answer = await house.SendAsync(HttpMethod.Get, "/payments/paywall.js");

        Assert.StartsWith("default-src 'none'; script-src 'self';", Header(answer, "Content-Security-Policy"));
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Header(answer, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
        Assert.NotEqual("", Header(answer, "Permissions-Policy"));
    }

    [Fact]
    public async Task What_a_visitor_sees_is_not_cached_unless_the_endpoint_says_otherwise()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app => app.UseSecurityHeaders().UseAuthentication();
            s.Map = app =>
            {
                app.MapGet("/plain", () => "plain");
                app.MapGet(
                    "/picture",
                    (HttpContext context) =>
                    {
                        context.Response.Headers.CacheControl = "private, max-age=60";
                        context.Response.Headers.ContentSecurityPolicy = "sandbox";
                        return "picture";
                    }
                );
            };
        });
        using var nobody = house.MakeClient(null);

        using var own = await house.SendAsync(HttpMethod.Get, "/plain");
        using var stranger = await house.SendAsync(HttpMethod.Get, "/plain", client: nobody);
        using var picture = await house.SendAsync(HttpMethod.Get, "/picture");

        Assert.Equal("no-store, private", own.Headers.CacheControl?.ToString());
        Assert.Null(stranger.Headers.CacheControl);
        Assert.Equal("max-age=60, private", picture.Headers.CacheControl?.ToString());
        Assert.Equal("sandbox", Header(picture, "Content-Security-Policy"));
    }

    [Fact]
    public async Task What_a_secret_link_opens_stays_between_those_who_have_the_link()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app => app.UseSecurityHeaders();
            s.Map = app => app.MapGet("/secret", (HttpResponse response) => response.KeepLinkSecret());
        });

        using var answer = await house.SendAsync(HttpMethod.Get, "/secret");

        Assert.Equal("noindex, nofollow, noarchive", Header(answer, "X-Robots-Tag"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("no-store, private", answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData(null, "nl")]
    [InlineData("sv", "nl")]
    [InlineData("fr-BE,fr;q=0.9,nl;q=0.5", "fr")]
    public async Task A_page_is_in_the_browser_s_language_or_else_in_the_first(string? accepts, string language)
    {
        await using var house = await SpeakingAsync();

        Assert.Equal(language, await ReadAsync(house, accepts));
    }

    [Fact]
    public async Task A_language_that_was_chosen_stays_chosen_and_leads_back()
    {
        await using var house = await SpeakingAsync();

        using var chosen = await ChooseAsync(house, "language=nl&returnUrl=%2Fhere%3Fa%3Db");

        Assert.Equal("/here?a=b", chosen.Headers.Location?.OriginalString);
        var cookie = Assert.Single(chosen.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("max-age=31536000", cookie, StringComparison.Ordinal);
        Assert.Equal("nl", await ReadAsync(house, "fr", cookie.Split(';')[0]));
    }

    [Theory]
    [InlineData("https%3A%2F%2Fevil.example%2F")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%2F%5Cevil.example")]
    [InlineData("")]
    public async Task A_choice_leads_to_no_other_site(string returnUrl)
    {
        await using var house = await SpeakingAsync();

        using var chosen = await ChooseAsync(house, "language=nl&returnUrl=" + returnUrl);

        Assert.Equal("/", chosen.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("language=tlh")]
    [InlineData("language=nl&language=fr")]
    [InlineData("returnUrl=%2F")]
    public async Task A_language_that_the_app_does_not_speak_is_refused(string form)
    {
        await using var house = await SpeakingAsync();

        using var answer = await ChooseAsync(house, form);

        Assert.Equal("language", (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Fact]
    public async Task Another_site_chooses_no_language()
    {
        await using var house = await SpeakingAsync();

        using var answer = await ChooseAsync(house, "language=nl", origin: "https://evil.example");

        await answer.ProblemAsync(403, "cross-site");
    }

    [Fact]
    public async Task A_form_without_a_token_is_taken_and_one_that_cannot_be_read_is_not()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Options += o => o.Packs.Clear();
            s.PayPerUse = b => b.AddAction("stream", 1);
            s.Services = services =>
            {
                services.AddSingleton(new Scene());
                services.AddDataProtection().UseEphemeralDataProtectionProvider();
                services
                    .AddRazorPages(o => o.RootDirectory = "/Http/Pages")
                    .AddApplicationPart(typeof(LetterModel).Assembly)
                    .AddGuardedForms();
            };
            s.Map = app => app.MapRazorPages();
        });
        await house.GrantAsync(2);

        using var letter = await PostAsync(house, "/page/letter", "Name=Emma");
        using var broken = await house.PostTextAsync(
            "/page/letter",
            "--x\r\nContent-Disposition: form-data; name=Name\r\n\r\nEm",
            "multipart/form-data; boundary=x"
        );

        using var open = await PostAsync(house, "/page/letter", "Name=Emma&more[=1");

        Assert.Contains("Dear Emma", await letter.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await broken.ProblemAsync(400, "invalid-request");
        using var other = await house.SendAsync(HttpMethod.Delete, "/page/letter");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, other.StatusCode);
        Assert.Equal("more[", (await open.ProblemAsync(400, "invalid-request")).FieldsOf());
        Assert.Equal(1, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_page_shows_its_visitor_s_balance_or_none_rather_than_fail()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapGet("/header", async (HttpContext context) => $"{await context.FindBalanceAsync()} credits")
        );
        await house.GrantAsync(3);
        using var nobody = house.MakeClient(null);

        Assert.Equal("3 credits", await TextAsync(house.SendAsync(HttpMethod.Get, "/header")));
        Assert.Equal(" credits", await TextAsync(house.SendAsync(HttpMethod.Get, "/header", client: nobody)));
        house.Store.BeforeRead = () => throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied);
        Assert.Equal(" credits", await TextAsync(house.SendAsync(HttpMethod.Get, "/header")));
    }

    [Fact]
    public async Task A_link_may_say_the_language_of_its_page()
    {
        await using var house = await SpeakingAsync();

        Assert.Equal("fr", await TextAsync(house.SendAsync(HttpMethod.Get, "/page?language=fr")));
        Assert.Equal("nl", await TextAsync(house.SendAsync(HttpMethod.Get, "/page?language=tlh")));
    }

    private static Task<HttpHouse> SpeakingAsync() =>
        HttpHouse.StartAsync(s =>
        {
            s.Services = services => services.AddLanguages("nl", "fr");
            s.Use = app => app.UseRequestLocalization();
            s.Map = app =>
            {
                app.MapLanguages();
                app.MapGet("/page", () => System.Globalization.CultureInfo.CurrentUICulture.Name);
            };
        });

    private static async Task<string> ReadAsync(HttpHouse house, string? accepts, string? cookie = null)
    {
        using var answer = await house.SendAsync(
            HttpMethod.Get,
            "/page",
            change: r =>
            {
                Add(r, "Accept-Language", accepts);
                Add(r, "Cookie", cookie);
            }
        );
        var language = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal([language], answer.Content.Headers.ContentLanguage);
        return language;
    }

    private static Task<HttpResponseMessage> ChooseAsync(HttpHouse house, string form, string? origin = null) =>
        PostAsync(house, "/language", form, r => Add(r, "Origin", origin));

    private static Task<HttpResponseMessage> PostAsync(
        HttpHouse house,
        string path,
        string form,
        Action<HttpRequestMessage>? change = null
    ) =>
        house.SendAsync(
            HttpMethod.Post,
            path,
            change: r =>
            {
                r.Content = new StringContent(form, null, "application/x-www-form-urlencoded");
                change?.Invoke(r);
            }
        );

    private static async Task<string> TextAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        Assert.Single(answer.Headers.GetValues(name));
}
