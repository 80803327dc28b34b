using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A form is read into what its JSON would be read into.</summary>
public sealed class FormFieldsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("name=Emma&age=6", """{"name":"Emma","age":6}""")]
    [InlineData("NAME=Emma&Age=%206%20", """{"name":"Emma","age":6}""")]
    [InlineData("name=%20&age=", "{}")]
    [InlineData("age=six&weight=1.5", """{"weight":1.5}""")]
    [InlineData("age=6.5&weight=1,5", "{}")]
    [InlineData("name=Emma&name=Lou&unknown=1&name.x=2", """{"name":"Emma"}""")]
    [InlineData("home.city=Gent&home.owner.name=Lou", """{"home":{"city":"Gent","owner":{"name":"Lou"}}}""")]
    [InlineData(
        "others[9].name=Sam&others[2].name=Lou&others[2].age=4&others[3].name=&others[3].age=+",
        """{"others":[{"name":"Lou","age":4},{"name":"Sam"}]}"""
    )]
    [InlineData("words[1]=b&words[0]=a&words[0]=c", """{"words":["a","b"]}""")]
    [InlineData("a[=1&[0]=1&.name=1&a..b=1&others[-1].name=x&others[12345].name=x&=1", "{}")]
    [InlineData("home.owner.home.owner.home.owner.home.owner.name=Lou", "{}")]
    public async Task Fields_are_named_by_their_paths(string form, string json)
    {
        await using var house = await ReadingAsync();

        using var fromForm = await PostFormAsync(house, form);
        using var fromJson = await house.PostTextAsync("/own", json, "application/json");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (fromForm.StatusCode, fromJson.StatusCode));
        Assert.Equal(await fromJson.Content.ReadAsStringAsync(Token), await fromForm.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [InlineData("rank=first", "rank")]
    [InlineData("home=Gent", "home")]
    [InlineData("others=Lou", "others")]
    [InlineData("others[0]=Lou", "others[0]")]
    [InlineData("others[0].rank=first", "others[0].rank")]
    public async Task What_cannot_be_what_it_must_is_named(string form, string field)
    {
        await using var house = await ReadingAsync();

        using var answer = await PostFormAsync(house, form);

        Assert.Equal(field, (await answer.ProblemAsync(400, "invalid-request")).FieldsOf());
    }

    [Fact]
    public void Of_each_field_the_first_error_is_kept()
    {
        var errors = new FieldErrors();
        errors.Refuse("age", false, "is right");
        Assert.Null(errors.Of("age"));
        errors.Refuse("age", true, "is missing");
        errors.Refuse("age", true, "is too low");
        errors.Refuse("Name", true, "is missing");

        Assert.Equal(("is missing", null, 2), (errors.Of("age"), errors.Of("name"), errors.Count));
        Assert.Equal(["age", "Name"], errors.Select(error => error.Key));
    }

    private static Task<HttpHouse> ReadingAsync() =>
        HttpHouse.StartAsync(s =>
            s.Map = app =>
                app.MapPost(
                    "/own",
                    async (HttpRequest request) =>
                    {
                        var (child, problem) = request.HasFormContentType
                            ? await FormBody.ReadAsync<Child>(request, Token)
                            : await JsonBody.ReadAsync<Child>(request, Token);
                        return problem ?? Results.Json(child);
                    }
                )
        );

    private static Task<HttpResponseMessage> PostFormAsync(HttpHouse house, string form) =>
        house.PostTextAsync("/own", form, "application/x-www-form-urlencoded");

    private sealed record Child(
        string? Name = null,
        int? Age = null,
        decimal? Weight = null,
        int Rank = 0,
        Home? Home = null,
        IReadOnlyList<Child>? Others = null,
        IReadOnlyList<string>? Words = null
    );

    private sealed record Home(string? City = null, Child? Owner = null);
}
