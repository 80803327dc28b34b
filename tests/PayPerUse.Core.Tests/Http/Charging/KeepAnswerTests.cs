using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PayPerUse.Answers;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>Paid once, given again: on every kind of endpoint.</summary>
public sealed class KeepAnswerTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_key_gives_the_paid_answer_again_for_free(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async context =>
        {
            context.Response.StatusCode = 201;
            context.Response.Headers.Location = "/letters/1";
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.SetCookie = "secret=1";
            await context.Response.WriteAsync("Lieve Émile", Token);
            return null;
        };

        var first = await PostAsync(kind, "k", "kept");
        var second = await PostAsync(kind, "k", "kept");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal("Lieve Émile", await first.Content.ReadAsStringAsync(Token));
        Assert.Equal("Lieve Émile", await second.Content.ReadAsStringAsync(Token));
        Assert.Equal("/letters/1", second.Headers.Location?.OriginalString);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotent-Replayed")));
        Assert.True(first.Headers.Contains("Set-Cookie"));
        Assert.False(second.Headers.Contains("Set-Cookie"));
        Assert.Equal(1, Scene.Runs);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_answer_that_was_not_charged_is_not_given_again(string kind)
    {
        await GrantAsync(1);
        Scene.Act = _ => Task.FromResult<object?>(503);
        await PostAsync(kind, "k", "kept");
        Scene.Act = _ => Task.FromResult<object?>("a letter");

        var second = await PostAsync(kind, "k", "kept");

        Assert.Equal("a letter", await second.Content.ReadAsStringAsync(Token));
        Assert.Equal(2, Scene.Runs);
    }

    [Fact]
    public async Task The_key_of_another_account_gives_nothing()
    {
        await GrantAsync(1);
        await PostAsync("minimal", "k", "kept");
        using var other = Http.MakeClient("o" + Guid.NewGuid().ToString("N"));

        var answer = await Http.SendAsync(HttpMethod.Post, "/minimal/kept", null, "k", other);

        await answer.ProblemAsync(402, "insufficient-credits");
    }

    [Fact]
    public async Task A_client_that_left_fetches_its_answer_with_the_same_key()
    {
        await GrantAsync(1);
        using var leave = new CancellationTokenSource();
        var left = new TaskCompletionSource();
        Scene.Act = async context =>
        {
            context.RequestAborted.Register(() => left.TrySetResult());
            await leave.CancelAsync();
            await left.Task.WaitAsync(Token);
            return "a letter";
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/minimal/kept");
        request.Headers.Add("Idempotency-Key", "k");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.SendAsync(request, leave.Token));
        await AssertCreditsInTheEndAsync(0);

        var answer = await PostAsync("minimal", "k", "kept");

        Assert.Equal("a letter", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, Scene.Runs);
    }

    [Fact]
    public async Task It_is_kept_before_it_is_charged()
    {
        await GrantAsync(1);
        var answers = Http.Services.GetRequiredService<IAnswerStore>();
        KeptAnswer? atCommit = null;
        Store.Before = async batch =>
        {
            if (batch.Commands.FirstOrDefault(c => c.Kind == CreditCommandKind.Commit) is { } commit)
            {
                atCommit = await answers.FindAsync(new ReservationId(commit.Account, commit.Id, commit.Attempt), Token);
            }
        };

        await PostAsync("minimal", "k", "kept");

        Assert.NotNull(atCommit);
        Assert.DoesNotContain(
            "a letter",
            System.Text.Encoding.UTF8.GetString(atCommit.Content.Span),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task When_the_commit_took_effect_but_nobody_heard_the_same_key_gives_the_answer()
    {
        await GrantAsync(1);
        Store.After = batch =>
            batch.Commands.Any(c => c.Kind == CreditCommandKind.Commit)
                ? throw HookedCreditStore.Down(CreditOperationOutcome.Unknown)
                : Task.CompletedTask;
        await (await PostAsync("minimal", "k", "kept")).ProblemAsync(503, "store-unavailable");
        Store.After = null;

        var answer = await PostAsync("minimal", "k", "kept");

        Assert.Equal("a letter", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, Scene.Runs);
        await AssertCreditsAsync(0);
    }

    [Fact]
    public async Task When_a_host_dies_between_keeping_and_charging_the_answer_is_never_given()
    {
        await using var house = await StartAsync(s => s.FreezeTime());
        await house.GrantAsync(1);

        // What a host that dies there leaves: a kept answer, and a reservation that nobody commits or releases.
        house.Store.Before = batch =>
            batch.Commands.Any(c => c.Kind is CreditCommandKind.Commit or CreditCommandKind.Release)
                ? throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied)
                : Task.CompletedTask;
        await (await PostAsync(house, "first")).ProblemAsync(503, "store-unavailable");
        house.Store.Before = null;
        await (await PostAsync(house, "early")).ProblemAsync(409, "in-progress");

        house.Clock!.Advance(TimeSpan.FromMinutes(11));
        var answer = await PostAsync(house, "second");

        Assert.Equal("second", await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("second", await (await PostAsync(house, "third")).Content.ReadAsStringAsync(Token));
        Assert.Equal((0, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task An_answer_that_cannot_be_kept_is_neither_charged_nor_sent()
    {
        await using var house = await StartAsync(s =>
            s.Services += services => services.AddSingleton<IAnswerStore, FailingAnswerStore>()
        );
        await house.GrantAsync(1);

        var answer = await PostAsync(house, "a letter");

        var problem = await answer.ProblemAsync(503, "store-unavailable");
        Assert.Equal("not-applied", (string?)problem["outcome"]);
        Assert.Equal((1, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task An_answer_above_the_limit_is_neither_charged_nor_sent()
    {
        await using var house = await StartAsync(s =>
            s.PayPerUse = b => b.ConfigureHttp(o => o.KeptAnswerLimit = 1024)
        );
        await house.GrantAsync(2);

        var tooLarge = await PostAsync(house, new string('x', 1025), "large");
        var largest = await PostAsync(house, new string('x', 1024), "largest");

        Assert.Equal(HttpStatusCode.InternalServerError, tooLarge.StatusCode);
        Assert.Equal(HttpStatusCode.OK, largest.StatusCode);
        Assert.Equal((1, 0), await house.CreditsAsync());
    }

    [Fact]
    public async Task An_answer_that_waited_in_a_file_is_kept_and_sent_whole()
    {
        await using var house = await StartAsync(s =>
            s.PayPerUse = b => b.ConfigureHttp(o => o.HeldAnswerMemory = 1024)
        );
        await house.GrantAsync(1);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => (char)('a' + (i % 26))));

        Assert.Equal(text, await (await PostAsync(house, text)).Content.ReadAsStringAsync(Token));
        Assert.Equal(text, await (await PostAsync(house, "else")).Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task After_its_time_it_is_409_already_done_and_is_swept()
    {
        await using var house = await StartAsync(s => s.FreezeTime());
        await house.GrantAsync(1);
        await PostAsync(house, "a letter");

        house.Clock!.Advance(TimeSpan.FromHours(24));

        await (await PostAsync(house, "a letter")).ProblemAsync(409, "already-done");
        Assert.Equal(1, await house.Services.GetRequiredService<AnswerSweep>().SweepAsync(Token));
        Assert.Equal(0, await house.Services.GetRequiredService<AnswerSweep>().SweepAsync(Token));
    }

    [Fact]
    public async Task A_kept_answer_that_was_moved_or_changed_is_not_given()
    {
        await using var house = await StartAsync();
        var answers = house.Services.GetRequiredService<IAnswerStore>();
        KeptAnswer? first = null;
        house.Store.Before = async batch =>
        {
            if (batch.Commands.FirstOrDefault(c => c.Kind == CreditCommandKind.Commit) is { } commit)
            {
                var reservation = new ReservationId(commit.Account, commit.Id, commit.Attempt);
                var kept = (await answers.FindAsync(reservation, Token))!;
                first ??= kept;
                await answers.SaveAsync(first with { Reservation = reservation }, Token);
            }
        };
        await house.GrantAsync(2);
        await PostAsync(house, "mine", "one");
        await PostAsync(house, "yours", "two");

        Assert.Equal("mine", await (await PostAsync(house, "x", "one")).Content.ReadAsStringAsync(Token));
        await (await PostAsync(house, "x", "two")).ProblemAsync(409, "already-done");
    }

    [Fact]
    public async Task Without_protection_the_host_does_not_start()
    {
        // Authentication brings it along, so an app has to try hard to be without.
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            StartAsync(s => s.Services = services => services.RemoveAll<IDataProtectionProvider>())
        );

        Assert.Contains("AddDataProtection", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2161)]
    public void A_time_out_of_range_is_refused(double hours) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PayPerUse.Http.KeepAnswerAttribute(hours));

    /// <summary>An app whose one action answers with the text that it is sent.</summary>
    private static Task<HttpHouse> StartAsync(Action<HttpHouseSetup>? configure = null) =>
        HttpHouse.StartAsync(s =>
        {
            s.Services = services => services.AddDataProtection().UseEphemeralDataProtectionProvider();
            s.Map = app =>
                app.MapPost(
                        "/echo",
                        async (HttpContext context) =>
                        {
                            using var reader = new StreamReader(context.Request.Body);
                            return Results.Text(await reader.ReadToEndAsync(Token));
                        }
                    )
                    .RequireCredits("letter")
                    .KeepAnswer(TimeSpan.FromDays(1));
            configure?.Invoke(s);
        });

    private static Task<HttpResponseMessage> PostAsync(HttpHouse house, string text, string key = "k") =>
        house.SendAsync(HttpMethod.Post, "/echo", key: key, change: r => r.Content = new StringContent(text));

    private sealed class FailingAnswerStore : IAnswerStore
    {
        public Task SaveAsync(KeptAnswer answer, CancellationToken cancellationToken) =>
            throw new AnswerStoreException("The store is down.");

        public Task<KeptAnswer?> FindAsync(ReservationId reservation, CancellationToken cancellationToken) =>
            throw new AnswerStoreException("The store is down.");

        public Task<int> RemoveAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellationToken) =>
            throw new AnswerStoreException("The store is down.");

        public Task<int> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new AnswerStoreException("The store is down.");
    }
}
