using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Paywall;

/// <summary>What a request goes through: refused, paid for, sent again with the same key; and what its sender gets.</summary>
public sealed class PaywallRequestTests : ShopStory
{
    // A request of the page's own script, as an app would send it, with the browser's fetch.
    private const string Fetch = """
        () => {
          window.answer = fetch("/en", { method: "POST", body: new URLSearchParams({ child: "Finn" }) })
            .then(async answer => `${answer.status} ${/Dear \w+/.exec(await answer.text())}`);
        }
        """;

    private static readonly FilePayload Drawing = new()
    {
        Name = "drawing.png",
        MimeType = "image/png",
        Buffer = [0x89, 0x50, 0x4e, 0x47, 0, 255, 254, 253],
    };

    [Stories]
    [InlineData("redirect")]
    [InlineData("page")]
    public async Task An_ordinary_form_gets_its_answer_after_the_payment(string way)
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma", way, button => button.DblClickAsync());
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
        ExpectTwiceTheSame(shop);
        Assert.Empty(Browser.Complaints);
    }

    [Story]
    public async Task A_page_that_was_shown_in_place_has_a_paywall_again()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop, "1");
        await InBankAppAsync(shop, page, "approve");
        for (var child = 2; child <= 5; child++)
        {
            await ExpectLetterAsync(page, $"{child - 1}");
            await AskAsync(page, $"{child}");
        }

        await ExpectLetterAsync(page, "5");
        await AskAsync(page, "6");
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page, "6");
        Assert.Equal(6, shop.Written);
    }

    [Story]
    public async Task With_intercept_every_fetch_of_the_page_waits_for_its_payment()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(Fetch);

        await InBankAppAsync(shop, page, "approve");

        Assert.Equal("200 Dear Finn", await page.EvaluateAsync<string>("() => window.answer"));
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        ExpectTwiceTheSame(shop);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task With_intercept_a_fetch_and_a_form_that_wait_for_one_payment_both_get_their_answer()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            "() => document.addEventListener('answer', e => { e.preventDefault(); window.form = e.detail.response.status; })"
        );
        await page.EvaluateAsync(Fetch);
        // The dialog lies over the form, as it does when the page itself is slower than its visitor.
        await page.EvaluateAsync(
            """
            () => {
              document.querySelector("[name=child]").value = "Emma";
              document.querySelector("form").requestSubmit(document.querySelector("[value=page]"));
            }
            """
        );

        await InBankAppAsync(shop, page, "approve");

        Assert.Equal("200 Dear Finn", await page.EvaluateAsync<string>("() => window.answer"));
        await page.WaitForFunctionAsync("() => window.form === 200");
        Assert.Equal(2, shop.Written);
    }

    [Story]
    public async Task Who_closes_the_paywall_gets_the_refusal_and_can_ask_again()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(Fetch);
        await Steps.CheckoutAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        Assert.StartsWith("402", await page.EvaluateAsync<string>("() => window.answer"), StringComparison.Ordinal);
        await page.EvaluateAsync(Fetch);
        await InBankAppAsync(shop, page, "approve");
        Assert.Equal("200 Dear Finn", await page.EvaluateAsync<string>("() => window.answer"));
    }

    [Story]
    public async Task An_answer_that_got_lost_after_the_payment_is_fetched_again_and_nothing_is_made_twice()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await AskedAsync(shop);
        var lost = 0;
        await page.RouteAsync(
            "**/en",
            async route =>
            {
                // It reached the server, and was made and charged; only its answer is gone.
                await route.FetchAsync();
                Interlocked.Increment(ref lost);
                await route.AbortAsync();
            },
            new() { Times = 1 }
        );

        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, lost);
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task Who_must_sign_in_first_comes_back_to_what_was_asked()
    {
        await using var shop = await PlainShop.StartAsync("sign-in=\"/signin?returnUrl=\"", isForMembers: true);
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await AskAsync(page, "Emma");

        // Signed in by the page that the 401 led to, refused for want of credits, and asked to pay: nothing was typed again.
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
        Assert.Equal(3, shop.Asked.Count);
        Assert.Single(shop.Asked.Distinct());
    }

    [Story]
    public async Task A_session_that_ends_while_the_customer_pays_begins_anew_and_the_same_payment_goes_on()
    {
        await using var shop = await PlainShop.StartAsync("sign-in=\"/signin?returnUrl=\"", isForMembers: true);
        var page = await AskedAsync(shop);
        var checkout = await Steps.CheckoutAsync(page);

        var signedIn = page.WaitForResponseAsync("**/signin?**");
        await page.Context.ClearCookiesAsync();
        await signedIn;

        Assert.Equal(checkout, await Steps.CheckoutAsync(page));
        await Assertions.Expect(page.Locator("[name=child]")).ToHaveValueAsync("Emma");
        await InBankAppAsync(shop, page, "approve");
        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
        Assert.Single(shop.Asked.Distinct());
    }

    [Stories]
    [InlineData("Write")]
    [InlineData("Buy")]
    public async Task A_session_that_ended_before_the_order_loses_nothing_either(string button)
    {
        await using var shop = await PlainShop.StartAsync(
            "sign-in=\"/signin?returnUrl=\"",
            isForMembers: true,
            configure: b => b.Services.Configure<PayPerUseOptions>(o => o.RequiredConsent = "2026-11")
        );
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/signin?returnUrl=/en");
        await page.Locator("[name=child]").FillAsync("Emma");
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        var terms = page.Locator("#paywall #agreed");
        await terms.WaitForAsync();
        await page.Context.ClearCookiesAsync();

        var signedIn = page.WaitForResponseAsync("**/signin?**");
        await terms.ClickAsync();
        await signedIn;

        // Agreed to by whoever is signed in now.
        await Assertions.Expect(terms).Not.ToBeCheckedAsync();
        await terms.CheckAsync();
        await InBankAppAsync(shop, page, "approve");
        await (
            button == "Write" ? ExpectLetterAsync(page) : Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync()
        );
        Assert.Equal(button == "Write" ? 1 : 0, shop.Written);
    }

    [Story]
    public async Task A_form_with_a_file_gets_its_answer_after_the_payment()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            """
            () => {
              const form = document.querySelector("form");
              form.enctype = "multipart/form-data";
              form.append(Object.assign(document.createElement("input"), { type: "file", name: "drawing" }));
            }
            """
        );
        await page.Locator("[name=drawing]").SetInputFilesAsync(Drawing);
        await AskAsync(page, "Emma", "redirect");
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal([Drawing.Buffer.Length, Drawing.Buffer.Length], shop.Files);
        ExpectTwiceTheSame(shop);
    }

    [Story]
    public async Task What_is_no_text_is_sent_again_byte_by_byte_and_after_a_reload_not_at_all()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        const string Draw = """
            () => {
              window.answer = fetch("/pictures", { method: "POST", body: Uint8Array.of(255, 254, 0, 200) })
                .then(answer => answer.text());
            }
            """;
        await page.EvaluateAsync(Draw);
        await InBankAppAsync(shop, page, "approve");
        Assert.Equal("FFFE00C8", await page.EvaluateAsync<string>("() => window.answer"));

        await shop.SpendAsync(4);
        await page.EvaluateAsync(Draw);
        await Steps.CheckoutAsync(page);
        await page.ReloadAsync();
        await InBankAppAsync(shop, page, "approve");

        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        Assert.Equal(1, shop.Written);
    }

    [Story]
    public async Task A_request_that_its_sender_gave_up_is_not_sent_again()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            """
            () => {
              window.given = new AbortController();
              window.answer = fetch("/pictures", { method: "POST", body: "x", signal: given.signal }).catch(e => e.name);
            }
            """
        );
        await Steps.CheckoutAsync(page);

        await page.EvaluateAsync("() => window.given.abort()");
        await InBankAppAsync(shop, page, "approve");

        Assert.Equal("AbortError", await page.EvaluateAsync<string>("() => window.answer"));
        await Assertions.Expect(page.Locator("#paywall")).ToBeHiddenAsync();
        Assert.Equal(0, shop.Written);
        Assert.Equal("rejected", await page.EvaluateAsync<string>("() => fetch('http://[').catch(() => 'rejected')"));
    }

    [Story]
    public async Task The_answer_to_one_request_does_not_close_the_paywall_of_another()
    {
        await using var shop = await PlainShop.StartAsync("intercept");
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            """
            () => {
              window.answers = [];
              window.all = Promise.all([1, 2].map(async () => {
                const { status } = await fetch("/albums", { method: "POST" });
                answers.push(status);
              }));
            }
            """
        );
        var first = await Steps.CheckoutAsync(page);
        await InBankAppAsync(shop, page, "approve");
        // Five credits are enough for one album of three; the other asks for more while the first is made.
        await Assertions.Expect(page.Locator("#paywall-link")).Not.ToHaveAttributeAsync("href", first);

        shop.Printing.SetResult();
        await page.WaitForFunctionAsync("() => window.answers.length === 1");
        await page.WaitForTimeoutAsync(500);
        await InBankAppAsync(shop, page, "approve");

        await page.EvaluateAsync("() => window.all");
        var answers = await page.EvaluateAsync<int[]>("() => window.answers");
        Assert.Equal([200, 200], answers);
    }

    [Story]
    public async Task An_answer_that_breaks_off_is_asked_for_again_with_the_same_key()
    {
        await using var shop = await PlainShop.StartAsync();
        var page = await Browser.OpenAsync(shop.Address);
        await page.GotoAsync("/en");
        await page.EvaluateAsync(
            """
            () => {
              const { text } = Response.prototype;
              Response.prototype.text = function () {
                Response.prototype.text = text;
                throw new TypeError("network error");
              };
            }
            """
        );
        await AskAsync(page, "Emma");
        await InBankAppAsync(shop, page, "approve");

        await ExpectLetterAsync(page);
        Assert.Equal(1, shop.Written);
        Assert.Single(shop.Asked.Distinct());
    }

    private static void ExpectTwiceTheSame(PlainShop shop)
    {
        Assert.Equal(2, shop.Asked.Count);
        var (key, child) = Assert.Single(shop.Asked.Distinct());
        Assert.False(string.IsNullOrEmpty(key) || string.IsNullOrEmpty(child));
    }
}
