using System.Net;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Tests.Hosting;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests;

/// <summary>What the site does when a maker fails, or when there is no voice.</summary>
public sealed class MakerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/letters", typeof(MakerUnavailableException))]
    [InlineData("/audio", typeof(MakerUnavailableException))]
    [InlineData("/letters", typeof(InvalidOperationException))]
    public async Task A_maker_that_fails_costs_nothing_and_the_same_key_may_try_again(string path, Type failure)
    {
        var writer = Substitute.For<ILetterWriter>();
        var error =
            failure == typeof(MakerUnavailableException)
                ? new MakerUnavailableException("Stuk.")
                : (Exception)new InvalidOperationException("Stuk.");
        writer.WriteAsync(null!, Ct).ReturnsForAnyArgs<string>(_ => throw error, _ => "Dag Emma");
        writer.WriteScriptAsync(null!, Ct).ReturnsForAnyArgs<string>(_ => throw error, _ => "Dag Emma");
        using var site = new SiteHost { Writer = writer }.Started();
        using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
        await visitor.PayAsync(Ct);

        using var failed = await visitor.PostAsync(path, Visitor.Child(), Ct, key: "een");
        Assert.Equal(
            error is MakerUnavailableException ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.InternalServerError,
            failed.StatusCode
        );
        Assert.Equal(5, await visitor.BalanceAsync(Ct));

        using var made = await visitor.PostAsync(path, Visitor.Child(), Ct, key: "een");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(4, await visitor.BalanceAsync(Ct));
    }

    [Fact]
    public async Task A_form_is_told_kindly_that_a_maker_failed()
    {
        var writer = Substitute.For<ILetterWriter>();
        writer.WriteAsync(null!, Ct).ThrowsAsyncForAnyArgs(new MakerUnavailableException("Stuk."));
        using var site = new SiteHost { Writer = writer }.Started();
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
}
