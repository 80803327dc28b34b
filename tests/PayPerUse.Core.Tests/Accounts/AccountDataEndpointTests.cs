using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.Core.Tests.Http;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Accounts;

public sealed class AccountDataEndpointTests
{
    [Fact]
    public async Task Everything_that_is_kept_of_who_asks_is_a_file()
    {
        await using var house = await StartAsync();
        await house.GrantAsync(5);
        using var used = await house.UseAsync();
        using var order = await house.SendAsync(
            HttpMethod.Post,
            "/payments/create",
            new System.Text.Json.Nodes.JsonObject { ["pack"] = "five" }
        );

        using var answer = await house.Client.GetAsync("/me.json", HttpHouse.Token);

        Assert.Equal("sint.json", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var data = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(HttpHouse.Token));
        Assert.Equal(4, data.GetProperty("credits").GetProperty("balance").GetInt64());
        Assert.Equal(
            ["spend", "grant"],
            data.GetProperty("history").EnumerateArray().Select(e => e.GetProperty("kind").GetString())
        );
        Assert.Equal("pending", data.GetProperty("payments")[0].GetProperty("status").GetString());
        Assert.Equal("Dear anna", data.GetProperty("letters")[0].GetString());
    }

    [Fact]
    public async Task What_is_left_of_each_grant_is_told_and_what_a_guest_did_before_the_claim()
    {
        await using var house = await StartAsync();
        var (guest, end) = (new AccountId("guest"), DateTimeOffset.UnixEpoch.AddYears(100));
        await house.Ledger.GrantAsync(guest, "gift", 5, "welcome", end, HttpHouse.Token);
        await house.Ledger.SpendAsync(guest, "test:1", 2, "letter", HttpHouse.Token);
        var merge = await house.Ledger.MergeAsync(guest, HttpHouse.Anna, HttpHouse.Token);
        Assert.True(merge.Succeeded);

        var data = await house.Client.GetFromJsonAsync<JsonElement>("/me.json", HttpHouse.Token);

        var grant = Assert.Single(data.GetProperty("credits").GetProperty("grants").EnumerateArray());
        Assert.Equal("welcome", grant.GetProperty("source").GetString());
        Assert.Equal((5, 3), (grant.GetProperty("credits").GetInt64(), grant.GetProperty("free").GetInt64()));
        Assert.Equal(end, grant.GetProperty("expiresAt").GetDateTimeOffset());
        var merged = Assert.Single(data.GetProperty("merged").EnumerateArray());
        Assert.Equal(guest.Value, merged.GetProperty("account").GetString());
        Assert.Equal(
            ["mergeout", "spend", "grant"],
            merged.GetProperty("history").EnumerateArray().Select(e => e.GetProperty("kind").GetString())
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guest")] // Whose account was merged into Anna's: an old copy of a cookie sees nothing.
    public async Task Nobody_gets_nothing(string? user)
    {
        await using var house = await StartAsync();
        await house.GrantAsync(1, "guest");
        var merged = await house.Ledger.MergeAsync(new AccountId("guest"), HttpHouse.Anna, HttpHouse.Token);
        Assert.True(merged.Succeeded);
        using var nobody = house.MakeClient(user);

        using var answer = await nobody.GetAsync("/me.json", HttpHouse.Token);

        await answer.ProblemAsync(401, "sign-in-required");
    }

    private static Task<HttpHouse> StartAsync() =>
        HttpHouse.StartAsync(s =>
        {
            s.Services = services => services.AddScoped<IAccountData>(_ => new Letters("letters", []));
            s.Map = app => app.MapAccountData("/me.json", "sint.json");
        });
}
