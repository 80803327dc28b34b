using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;

namespace PayPerUse.SignIn.Tests;

/// <summary>What browsers see: the app's pages, and where they are led.</summary>
public sealed class FormTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forms_lead_from_the_address_to_the_code_and_back_to_where_one_was()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        Assert.Equal("email||/here|None|", await ReadAsync(emma.GetAsync("/signin?returnUrl=/here")));

        using var asked = await emma.PostFormAsync("/signin", ("email", "Emma@example.com"), ("returnUrl", "/here"));
        Assert.Equal("/signin/verify", asked.Headers.Location?.OriginalString);
        Assert.Equal("code|emma@example.com|/here|None|", await ReadAsync(emma.GetAsync("/signin/verify")));

        using var verified = await emma.PostFormAsync("/signin/verify", ("email", emma.Email), ("code", emma.Code));
        Assert.Equal("/here", verified.Headers.Location?.OriginalString);
        var session = Assert.Single(
            verified.Headers.GetValues("Set-Cookie"),
            c => c.StartsWith("app.session=", StringComparison.Ordinal)
        );
        Assert.Contains("httponly", session, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", session, StringComparison.Ordinal);
        Assert.NotNull(await emma.WhoAsync());
        using var again = await emma.GetAsync("/signin");
        Assert.Equal("/", again.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Who_asks_for_another_code_types_the_address_once_and_still_goes_back()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var asked = await emma.PostFormAsync("/signin", ("email", emma.Email), ("returnUrl", "/here"));

        Assert.Equal("email|emma@example.com|/here|None|", await ReadAsync(emma.GetAsync("/signin")));
        Assert.Equal("email|emma@example.com|/there|None|", await ReadAsync(emma.GetAsync("/signin?returnUrl=/there")));

        using var somebody = new Person(house);
        Assert.Equal("email|||None|", await ReadAsync(somebody.GetAsync("/signin")));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("here")]
    public async Task Nobody_is_led_to_another_site(string returnUrl)
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var asked = await emma.PostFormAsync("/signin", ("email", emma.Email), ("returnUrl", returnUrl));

        using var verified = await emma.PostFormAsync("/signin/verify", ("email", emma.Email), ("code", emma.Code));

        Assert.Equal("/", verified.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_app_decides_where_a_browser_goes_and_knows_who_signed_in()
    {
        await using var house = await SignInHouse.StartAsync(s =>
            s.Options = o =>
                o.RedirectAfterSignIn = (context, returnUrl) =>
                    ValueTask.FromResult($"/claim?for={context.User.Identity!.Name}&returnUrl={returnUrl}")
        );
        using var emma = new Person(house);
        using var asked = await emma.PostFormAsync("/signin", ("email", emma.Email), ("returnUrl", "/here"));

        using var verified = await emma.PostFormAsync("/signin/verify", ("email", emma.Email), ("code", emma.Code));

        Assert.Equal("/claim?for=emma@example.com&returnUrl=/here", verified.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_refused_form_is_shown_again_with_its_status_and_the_app_s_words()
    {
        await using var house = await SignInHouse.StartAsync(s =>
            s.Options = o =>
            {
                o.MailsPerHourPerAddress = 1;
                o.ErrorText = (_, error) => $"our {error}";
            }
        );
        using var emma = new Person(house);

        await RefusedAsync("/signin", 400, "email|nobody||InvalidEmail|our InvalidEmail", ("email", "nobody"));
        await emma.AskAsync();
        await RefusedAsync(
            "/signin",
            429,
            "email|emma@example.com||TooManyMails|our TooManyMails",
            ("email", emma.Email)
        );
        await RefusedAsync(
            "/signin/verify",
            400,
            "code|emma@example.com||MissingCode|our MissingCode",
            ("email", emma.Email)
        );
        await RefusedAsync(
            "/signin/verify",
            400,
            "code|emma@example.com||WrongCode|our WrongCode",
            ("email", emma.Email),
            ("code", emma.WrongCode)
        );

        async Task RefusedAsync(string path, int status, string page, params (string, string)[] fields)
        {
            using var answer = await emma.PostFormAsync(path, fields);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal(page, await answer.Content.ReadAsStringAsync(Token));
            Assert.Equal(status == 429, answer.Headers.RetryAfter is not null);
        }
    }

    [Theory]
    [InlineData("nl", "Vul een e-mailadres in")]
    [InlineData("fr", "Entrez une adresse e-mail")]
    [InlineData("de", "Bitte eine E-Mail-Adresse eingeben")]
    [InlineData("en", "Fill in an e-mail address")]
    [InlineData("sv", "Fill in an e-mail address")]
    public async Task An_app_without_words_of_its_own_has_them_in_the_visitor_s_language(string language, string words)
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin");
        request.Content = new FormUrlEncodedContent([new("email", "nobody")]);
        request.Headers.AcceptLanguage.ParseAdd(language);

        using var answer = await emma.SendAsync(request);

        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_whom_the_app_lets_in_may_still_sign_in()
    {
        await using var house = await SignInHouse.StartAsync(s =>
            s.Use = app =>
                app.Use(
                    (context, next) =>
                    {
                        context.User = new ClaimsPrincipal(new ClaimsIdentity("guest"));
                        return next(context);
                    }
                )
        );
        using var guest = new Person(house);

        Assert.Equal("email|||None|", await ReadAsync(guest.GetAsync("/signin")));
    }

    [Fact]
    public async Task The_page_for_the_code_is_for_who_asked_for_one()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);

        using var answer = await emma.GetAsync("/signin/verify");

        Assert.Equal("/signin", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Without_pages_there_is_json_only()
    {
        await using var house = await SignInHouse.StartAsync(s => s.HasPages = false);
        using var emma = new Person(house);

        using var page = await emma.GetAsync("/signin");
        using var form = await emma.PostFormAsync("/signin", ("email", emma.Email));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, page.StatusCode);
        Assert.Equal("invalid-request", await form.ProblemAsync(400));
        Assert.NotNull(await emma.WhoAsync(await emma.TakeTokenAsync()));
    }

    private static async Task<string> ReadAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        return await answer.Content.ReadAsStringAsync(Token);
    }
}
