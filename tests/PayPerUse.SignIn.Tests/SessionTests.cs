using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.SignIn.Sessions;

namespace PayPerUse.SignIn.Tests;

/// <summary>Who is signed in, where, and until when.</summary>
public sealed class SessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_person_has_the_same_opaque_id_in_a_browser_and_by_token()
    {
        await using var house = await SignInHouse.StartAsync();
        using var browser = await Person.SignedInAsync(house);
        using var app = new Person(house);
        var token = await app.TakeTokenAsync();

        var id = await browser.WhoAsync();

        Assert.Matches("^u-[0-9a-f]{32}$", id);
        Assert.Equal(id, await app.WhoAsync(token));
        Assert.Equal("emma@example.com", (await house.Users.FindAsync(id!, Token))?.Email);
    }

    [Fact]
    public async Task A_token_is_no_cookie()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);

        await emma.TakeTokenAsync();

        Assert.Null(await emma.WhoAsync());
    }

    [Fact]
    public async Task Signing_out_ends_the_session_on_every_host()
    {
        await using var house = await SignInHouse.StartAsync();
        await using var other = await house.StartAnotherHostAsync();
        using var emma = new Person(house);
        var token = await emma.TakeTokenAsync();
        Assert.NotNull(await emma.WhoAsync(token, other));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signout");
        request.Headers.Authorization = new("Bearer", token);

        using var signedOut = await emma.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, signedOut.StatusCode);
        Assert.Null(await emma.WhoAsync(token, other));
    }

    [Fact]
    public async Task Signing_out_ends_one_session_and_ending_all_ends_the_rest()
    {
        await using var house = await SignInHouse.StartAsync();
        using var phone = await Person.SignedInAsync(house);
        using var desk = await Person.SignedInAsync(house);
        using var signedOut = await phone.PostFormAsync("/signout");
        Assert.Equal("/", signedOut.Headers.Location?.OriginalString);
        Assert.Null(await phone.WhoAsync());
        var id = await desk.WhoAsync();

        Assert.Equal(1, await house.Users.EndSessionsAsync(id!, Token));

        Assert.Null(await desk.WhoAsync());
    }

    [Fact]
    public async Task A_deleted_user_is_signed_out_and_comes_back_as_somebody_new()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = await Person.SignedInAsync(house);
        var id = await emma.WhoAsync();

        await house.Users.DeleteAsync(id!, Token);
        await house.Users.DeleteAsync(id!, Token);

        Assert.Null(await emma.WhoAsync());
        Assert.Null(await house.Users.FindAsync(id!, Token));
        using var again = await Person.SignedInAsync(house);
        Assert.NotEqual(id, await again.WhoAsync());
    }

    [Fact]
    public async Task The_user_comes_along_in_an_account_s_data_and_goes_with_it()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = await Person.SignedInAsync(house);
        var id = (await emma.WhoAsync())!;
        await using var scope = house.Services.CreateAsyncScope();
        var profile = Assert.Single(scope.ServiceProvider.GetServices<IAccountData>(), d => d.Name == "profile");

        using var phone = await Person.SignedInAsync(house);
        var data = (await profile.ReadAsync(id, Token))!;
        Assert.Equal(emma.Email, (string)data["email"]!);
        Assert.Equal(2, data["sessions"]!.AsArray().Count);
        Assert.All(data["sessions"]!.AsArray(), s => Assert.Equal(["createdAt"], s!.AsObject().Select(p => p.Key)));
        Assert.Null(await profile.ReadAsync("g-1", Token));
        await profile.DeleteAsync(id, Token);
        await profile.DeleteAsync(id, Token);

        Assert.Null(await emma.WhoAsync());
        Assert.Null(await profile.ReadAsync(id, Token));
    }

    [Fact]
    public async Task A_session_lasts_while_it_is_used_and_ends_at_its_longest()
    {
        await using var house = await SignInHouse.StartAsync(s =>
            s.Options = o =>
            {
                o.SessionTime = TimeSpan.FromDays(10);
                o.LongestSession = TimeSpan.FromDays(25);
            }
        );
        using var emma = await Person.SignedInAsync(house);
        for (var day = 0; day < 24; day += 8)
        {
            Assert.NotNull(await emma.WhoAsync());
            house.Clock.Advance(TimeSpan.FromDays(8));
        }

        Assert.NotNull(await emma.WhoAsync());
        house.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await emma.WhoAsync());

        using var again = await Person.SignedInAsync(house);
        Assert.Equal(1, await house.CountAsync<SignInSession>());
    }

    [Fact]
    public async Task A_token_ends_when_its_time_is_over()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.TokenTime = TimeSpan.FromHours(1));
        using var emma = new Person(house);
        var token = await emma.TakeTokenAsync();
        Assert.NotNull(await emma.WhoAsync(token));

        house.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(await emma.WhoAsync(token));
    }

    [Fact]
    public async Task A_person_without_a_session_is_led_to_sign_in_and_a_script_hears_401()
    {
        await using var house = await SignInHouse.StartAsync();
        using var nobody = new Person(house);

        using var page = await nobody.GetAsync("/me?a=1");
        using var script = await nobody.GetAsync("/me", "application/json");

        Assert.Equal("/signin?returnUrl=%2Fme%3Fa%3D1", page.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.Unauthorized, script.StatusCode);
    }
}
