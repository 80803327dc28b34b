using System.Net;
using System.Text.RegularExpressions;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>What is special about Razor Pages.</summary>
public sealed partial class PageTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    [Fact]
    public async Task Reading_a_page_is_free_and_needs_no_account()
    {
        using var nobody = Http.MakeClient(null);

        var answer = await nobody.GetAsync("/page/scene", Token);

        Assert.Contains("the scene", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(1, Scene.Reads);
        await (await nobody.PostAsync("/page/scene", null, Token)).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task A_form_that_is_shown_again_because_it_is_invalid_declines_by_itself()
    {
        await GrantAsync(3);

        var answer = await SendFormAsync("");

        var page = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("field-validation-error", page, StringComparison.Ordinal);
        await AssertCreditsAsync(3);
    }

    [Fact]
    public async Task A_valid_form_is_charged_once_however_often_it_is_sent()
    {
        await GrantAsync(3);

        var form = await OpenFormAsync();
        var first = await SendFormAsync("Anna", form);
        var second = await SendFormAsync("Anna", form);

        Assert.Contains("Dear Anna", await first.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await second.ProblemAsync(409, "already-done");
        await AssertCreditsAsync(2);
    }

    [Fact]
    public async Task An_invalid_form_can_be_mended_and_sent_with_the_same_key()
    {
        await GrantAsync(3);
        var form = await OpenFormAsync();
        await SendFormAsync("", form);

        var mended = await SendFormAsync("Anna", form);

        Assert.Contains("Dear Anna", await mended.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await AssertCreditsAsync(2);
    }

    [Fact]
    public async Task Antiforgery_still_guards_the_form()
    {
        await GrantAsync(3);
        using var content = new FormUrlEncodedContent([new("Name", "Anna")]);

        var answer = await Client.PostAsync("/page/letter", content, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await AssertCreditsAsync(3);
    }

    private async Task<(string Cookie, string Token, string Key)> OpenFormAsync()
    {
        var answer = await Client.GetAsync("/page/letter", Token);
        var page = await answer.Content.ReadAsStringAsync(Token);
        return (
            answer.Headers.GetValues("Set-Cookie").First().Split(';')[0],
            TokenField().Match(page).Groups[1].Value,
            KeyField().Match(page).Groups[1].Value
        );
    }

    private async Task<HttpResponseMessage> SendFormAsync(
        string name,
        (string Cookie, string Token, string Key)? opened = null
    )
    {
        var form = opened ?? await OpenFormAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/page/letter");
        request.Headers.Add("Cookie", form.Cookie);
        request.Content = new FormUrlEncodedContent([
            new("Name", name),
            new("__RequestVerificationToken", form.Token),
            new("idempotencyKey", form.Key),
        ]);
        return await Client.SendAsync(request, Token);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    [GeneratedRegex("name=\"idempotencyKey\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex KeyField();
}
