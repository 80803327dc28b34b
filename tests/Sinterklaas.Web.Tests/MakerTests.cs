using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using NSubstitute;
using NSubstitute.Core;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Tests.Hosting;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests;

/// <summary>What the site does when a maker fails, or when there is no voice.</summary>
public sealed class MakerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/letters", true)]
    [InlineData("/audio", true)]
    [InlineData("/letters", false)]
    public async Task A_maker_that_fails_costs_nothing_and_the_same_key_may_try_again(string path, bool saysSo)
    {
        var error = saysSo ? new MakerUnavailableException("Stuk.") : (Exception)new InvalidOperationException("Stuk.");
        using var site = new SiteHost { Writer = WriterOf(_ => throw error, _ => "Dag Emma") }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);

        using var failed = await visitor.PostAsync(path, Visitor.Child(), Ct, key: "een");
        await Visitor.ProblemOfAsync(failed, HttpStatusCode.ServiceUnavailable, Ct);
        Assert.Equal(5, await visitor.BalanceAsync(Ct));

        using var made = await visitor.PostAsync(path, Visitor.Child(), Ct, key: "een");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task What_was_given_up_is_not_kept_when_a_voice_does_not_listen()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var voice = Substitute.For<IVoice>();
        voice
            .SpeakAsync("", "", Ct)
            .ReturnsForAnyArgs(async _ =>
            {
                await limit.CancelAsync();
                return (Speech?)new Speech([1], "audio/wav");
            });
        var contexts = Substitute.For<IDbContextFactory<AppDbContext>>();
        var maker = new GiftMaker(WriterOf(_ => "Dag Emma"), voice, contexts, TimeProvider.System);

        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            maker.MakeAsync("u", GiftKind.Audio, new GiftInput(), _ => Task.CompletedTask, limit.Token)
        );

        Assert.Empty(contexts.ReceivedCalls());
    }

    [Fact]
    public async Task A_form_is_told_kindly_that_a_maker_failed()
    {
        using var site = new SiteHost
        {
            Writer = WriterOf(_ => throw new MakerUnavailableException("Stuk.")),
        }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);

        using var failed = await visitor.PostFormAsync(
            "/letters",
            new()
            {
                ["childName"] = "Emma",
                ["age"] = "6",
                ["goodDeeds"] = "fietsen",
                ["wishes"] = "trein",
            },
            Ct
        );

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        Assert.Contains("geen credit gekost", await failed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
    }

    [Story]
    public async Task After_a_letter_that_failed_the_same_form_makes_a_message()
    {
        using var site = new SiteHost
        {
            Writer = WriterOf(_ => throw new MakerUnavailableException("Stuk."), _ => "Dag Emma"),
        }.Started();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(site.Address);
        await Steps.SignInAsync(page);
        await Steps.BuyAsync(page);
        await Steps.FillAsync(page, "Emma");

        await page.Locator("#make-letter").ClickAsync();
        await Assertions.Expect(page.Locator("[data-gift-message]")).ToContainTextAsync("niets gekost");
        await page.Locator("#make-audio").ClickAsync();

        await Assertions.Expect(page.Locator("#player")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#credits b")).ToHaveTextAsync("4");
    }

    [Fact]
    public async Task Without_a_voice_the_browser_speaks_for_free_and_bad_input_is_still_refused()
    {
        var voice = Substitute.For<IVoice>();
        voice.IsAvailable.Returns(false);
        using var site = new SiteHost { Voice = voice }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        using var made = await visitor.PostAsync("/audio", Visitor.Child(), Ct);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var audio = await Visitor.BodyOfAsync(made, Ct);
        Assert.Null(audio.GetProperty("audioUrl").GetString());
        Assert.Contains("Emma", audio.GetProperty("script").GetString(), StringComparison.Ordinal);
        var page = await visitor.GetPageAsync(made.Headers.Location!.OriginalString, Ct);
        Assert.Contains("data-speak", page, StringComparison.Ordinal);
        Assert.Contains("stem van je eigen browser", page, StringComparison.Ordinal);
        using var bad = await visitor.PostAsync("/audio", new { }, Ct);
        await Visitor.ProblemOfAsync(bad, HttpStatusCode.BadRequest, Ct);
    }

    [Fact]
    public async Task What_is_free_is_bounded_and_says_so()
    {
        var voice = Substitute.For<IVoice>();
        voice.IsAvailable.Returns(false);
        using var site = new SiteHost { Voice = voice }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);

        var made = 0;
        var answer = await visitor.PostAsync("/audio", Visitor.Child(), Ct);
        while (answer.StatusCode == HttpStatusCode.Created && ++made < 500)
        {
            answer.Dispose();
            answer = await visitor.PostAsync("/audio", Visitor.Child(), Ct);
        }

        Assert.InRange(made, 30, 499);
        Assert.Equal("too-many-requests", await Visitor.ProblemOfAsync(answer, HttpStatusCode.TooManyRequests, Ct));
        answer.Dispose();
    }

    [Fact]
    public async Task A_voice_that_falls_silent_gives_the_credit_back()
    {
        var voice = Substitute.For<IVoice>();
        voice.IsAvailable.Returns(true);
        voice.SpeakAsync("", "", Ct).ReturnsForAnyArgs((Speech?)null);
        using var site = new SiteHost { Voice = voice }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);

        using var made = await visitor.PostAsync("/audio", Visitor.Child(), Ct);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(5, await visitor.BalanceAsync(Ct));
    }

    private static ILetterWriter WriterOf(Func<CallInfo, string> first, params Func<CallInfo, string>[] next)
    {
        var writer = Substitute.For<ILetterWriter>();
        writer
            .WriteAsync(null!, GiftKind.Letter, null!, Ct)
            .ReturnsForAnyArgs(
                c => Task.FromResult(first(c)),
                [.. next.Select(n => (Func<CallInfo, Task<string>>)(c => Task.FromResult(n(c))))]
            );
        return writer;
    }
}
