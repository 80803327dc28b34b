using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http;

/// <summary>GET /credits/events: the balance, live.</summary>
public sealed class CreditEventsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_balance_is_told_at_once_and_after_each_change()
    {
        await using var house = await HttpHouse.StartAsync();
        await house.GrantAsync(3);

        using var stream = await EventStream.OpenAsync(house);

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"balance":3,"reserved":0,"nextExpiry":null}""", (await stream.NextAsync())!.ToJsonString());
        await house.UseAsync();
        Assert.Equal(2, await stream.NextBalanceAsync());
        await house.GrantAsync(5);
        Assert.Equal(7, await stream.NextBalanceAsync());
    }

    [Fact]
    public async Task Others_changes_are_not_told()
    {
        await using var house = await HttpHouse.StartAsync();
        using var stream = await EventStream.OpenAsync(house);
        Assert.Equal(0, await stream.NextBalanceAsync());

        await house.GrantAsync(1, "bram");
        await house.GrantAsync(2);

        Assert.Equal(2, await stream.NextBalanceAsync());
    }

    [Fact]
    public async Task A_change_by_another_host_is_told_and_hosts_ask_once_for_all_accounts()
    {
        var memory = new InMemoryCreditStore();
        var asked = new CountedVersions(memory);
        await using var first = await HttpHouse.StartAsync(s => Share(s, memory, asked));
        await using var second = await HttpHouse.StartAsync(s => Share(s, memory, memory));
        using var bram = first.MakeClient("bram");
        using var annas = await EventStream.OpenAsync(first);
        using var brams = await EventStream.OpenAsync(first, bram);
        Assert.Equal(0, await annas.NextBalanceAsync());
        Assert.Equal(0, await brams.NextBalanceAsync());

        await second.GrantAsync(4);
        await second.GrantAsync(9, "bram");

        Assert.Equal(4, await annas.NextBalanceAsync());
        Assert.Equal(9, await brams.NextBalanceAsync());
        await second.UseAsync();
        Assert.Equal(3, await annas.NextBalanceAsync());
        Assert.Contains(2, asked.Sizes);
    }

    [Fact]
    public async Task Nobody_asks_the_store_when_nobody_watches()
    {
        var memory = new InMemoryCreditStore();
        var asked = new CountedVersions(memory);
        await using var house = await HttpHouse.StartAsync(s => Share(s, memory, asked));
        using (var stream = await EventStream.OpenAsync(house))
        {
            await stream.NextBalanceAsync();
            while (asked.Sizes.IsEmpty)
            {
                await Task.Delay(5, Token);
            }
        }

        while (house.Services.GetRequiredService<PayPerUse.Http.Events.BalanceStreams>().Watched().Count > 0)
        {
            await Task.Delay(5, Token);
        }

        // Several rounds of the watch.
        await Task.Delay(100, Token);
        Assert.DoesNotContain(0, asked.Sizes);
    }

    [Fact]
    public async Task An_expiry_and_a_lapse_are_told_when_they_happen()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var now = house.Clock!.GetUtcNow();
        await house.GrantAsync(3);
        await house.GrantAsync(2, expiresAt: now.AddSeconds(8));
        await house.Ledger.ReserveAsync(HttpHouse.Anna, "r", 1, "letter", TimeSpan.FromSeconds(4), Token);
        using var stream = await EventStream.OpenAsync(house);
        Assert.Equal(4, await stream.NextBalanceAsync());

        await AdvanceAsync(house.Clock, 4);
        Assert.Equal(5, await stream.NextBalanceAsync());
        await AdvanceAsync(house.Clock, 4);

        Assert.Equal("""{"balance":3,"reserved":0,"nextExpiry":null}""", (await stream.NextAsync())!.ToJsonString());
    }

    [Fact]
    public async Task A_stream_says_that_it_is_alive()
    {
        await using var house = await HttpHouse.StartAsync(s => s.PayPerUse = Fast);
        using var stream = await EventStream.OpenAsync(house);
        await stream.NextAsync();

        string? line;
        do
        {
            line = await stream.LineAsync();
        } while (line is "");

        Assert.StartsWith(":", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_has_at_most_five_streams()
    {
        await using var house = await HttpHouse.StartAsync(s => s.PayPerUse = Fast);
        var streams = new List<EventStream>();
        for (var i = 0; i < 5; i++)
        {
            streams.Add(await EventStream.OpenAsync(house));
        }

        await (await house.SendAsync(HttpMethod.Get, "/credits/events")).ProblemAsync(429, "too-many-streams");
        using var bram = house.MakeClient("bram");
        streams.Add(await EventStream.OpenAsync(house, bram));
        streams[0].Dispose();
        await foreach (var _ in Patience.TriesAsync("A place for another stream", Token))
        {
            using var again = await house.SendAsync(HttpMethod.Get, "/credits/events");
            if (again.IsSuccessStatusCode)
            {
                break;
            }
        }

        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_stream_ends_when_its_session_no_longer_holds()
    {
        await using var house = await HttpHouse.StartAsync(s => s.PayPerUse = Fast);
        using var stream = await EventStream.OpenAsync(house);
        await stream.NextAsync();

        house.Services.GetRequiredService<SignedOut>().Add("anna");

        Assert.Null(await stream.NextAsync());
        await (await house.SendAsync(HttpMethod.Get, "/credits/events")).ProblemAsync(401, "sign-in-required");
    }

    [Fact]
    public async Task A_stream_ends_when_its_cookie_user_signs_out()
    {
        await using var house = await HttpHouse.StartAsync(WithCookies);
        using var browser = new HttpClient { BaseAddress = house.Address };
        await browser.PostAsync("/in", null, Token);
        using var stream = await EventStream.OpenAsync(house, browser);
        await stream.NextAsync();

        await browser.PostAsync("/out", null, Token);

        Assert.Null(await stream.NextAsync());
        await (await house.SendAsync(HttpMethod.Get, "/credits/events", client: browser)).ProblemAsync(
            401,
            "sign-in-required"
        );
    }

    [Fact]
    public async Task A_stream_ends_when_the_app_says_so()
    {
        await using var house = await HttpHouse.StartAsync();
        using var stream = await EventStream.OpenAsync(house);
        await stream.NextAsync();

        house.Services.GetRequiredService<IBalanceStreams>().End(HttpHouse.Anna);

        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_the_host_stops()
    {
        var house = await HttpHouse.StartAsync();
        using var stream = await EventStream.OpenAsync(house);
        await stream.NextAsync();

        await house.DisposeAsync();

        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_does_not_end_the_stream()
    {
        await using var house = await HttpHouse.StartAsync(s => s.PayPerUse = Fast);
        using var stream = await EventStream.OpenAsync(house);
        await stream.NextAsync();
        var failed = new TaskCompletionSource();
        house.Store.BeforeRead = () =>
        {
            failed.TrySetResult();
            throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied);
        };

        await house.GrantAsync(3);
        await failed.Task.WaitAsync(Token);
        house.Store.BeforeRead = null;

        Assert.Equal(3, await stream.NextBalanceAsync());
    }

    private static void Fast(IPayPerUseBuilder builder) =>
        builder.ConfigureHttp(o =>
        {
            o.Heartbeat = TimeSpan.FromMilliseconds(100);
            o.WatchInterval = TimeSpan.FromMilliseconds(10);
        });

    private static void Share(HttpHouseSetup setup, InMemoryCreditStore memory, ICreditVersions versions)
    {
        setup.Memory = memory;
        setup.Store = new HookedCreditStore(memory);
        setup.Services = services => services.AddSingleton(versions);
        setup.PayPerUse = Fast;
    }

    private static void WithCookies(HttpHouseSetup setup)
    {
        setup.Services = services =>
        {
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        };
        setup.Map = app =>
        {
            app.MapPost(
                "/in",
                (HttpContext c) =>
                    c.SignInAsync(
                        new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "anna")], "cookie"))
                    )
            );
            app.MapPost("/out", (HttpContext c) => c.SignOutAsync());
        };
    }

    /// <summary>Moves the time in steps, so that a timer that is set in between still fires.</summary>
    private static async Task AdvanceAsync(FakeTimeProvider clock, int seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Token);
        }
    }

    private sealed class CountedVersions(ICreditVersions inner) : ICreditVersions
    {
        public System.Collections.Concurrent.ConcurrentQueue<int> Sizes { get; } = [];

        public Task<IReadOnlyDictionary<AccountId, long>> ReadVersionsAsync(
            IReadOnlyCollection<AccountId> accounts,
            CancellationToken cancellationToken
        )
        {
            Sizes.Enqueue(accounts.Count);
            return inner.ReadVersionsAsync(accounts, cancellationToken);
        }
    }
}
