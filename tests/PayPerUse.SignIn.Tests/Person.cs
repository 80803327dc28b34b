using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PayPerUse.SignIn.Tests;

/// <summary>Somebody with a mail address and a browser that keeps cookies.</summary>
internal sealed class Person : IDisposable
{
    private readonly SignInHouse _house;
    private readonly HttpClient _http;

    public Person(SignInHouse house, string email = "emma@example.com")
    {
        _house = house;
        Email = email;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = house.Address };
    }

    public string Email { get; }

    /// <summary>The code in the newest mail to this person.</summary>
    public string Code => _house.Mails.Last(m => m.Email == Email).Code;

    public string WrongCode => Code == "000000" ? "000001" : "000000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Person> SignedInAsync(SignInHouse house, string email = "emma@example.com")
    {
        var person = new Person(house, email);
        await person.AskAsync();
        using var verified = await person.PostFormAsync("/signin/verify", ("email", email), ("code", person.Code));
        Assert.Equal(HttpStatusCode.Redirect, verified.StatusCode);
        return person;
    }

    /// <summary>Asks for a code in JSON.</summary>
    /// <returns>The ticket.</returns>
    public async Task<string> AskAsync()
    {
        using var asked = await PostAsync("/signin", new { email = Email });
        return (await asked.JsonAsync()).GetProperty("ticket").GetString()!;
    }

    /// <summary>Tries a code in JSON.</summary>
    public Task<HttpResponseMessage> VerifyAsync(string code, string? ticket = null) =>
        PostAsync(
            "/signin/verify",
            new
            {
                email = Email,
                code,
                ticket,
            }
        );

    public async Task<string> TakeTokenAsync()
    {
        await AskAsync();
        using var verified = await VerifyAsync(Code);
        return (await verified.JsonAsync()).GetProperty("accessToken").GetString()!;
    }

    public Task<HttpResponseMessage> PostAsync(string path, object body) => _http.PostAsJsonAsync(path, body, Token);

    public Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        request.Headers.Accept.ParseAdd("text/html");
        return _http.SendAsync(request, Token);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string accept = "text/html")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        return _http.SendAsync(request, Token);
    }

    /// <summary>Who the app says this is, by the browser's cookie or by a token; null when nobody.</summary>
    public async Task<string?> WhoAsync(string? token = null, SignInHouse? at = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri((at ?? _house).Address, "/me"));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var answer = await _http.SendAsync(request, Token);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request, Token);

    public void Dispose() => _http.Dispose();
}

internal static class Answers
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The code of a problem.</summary>
    public static async Task<string?> ProblemAsync(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize<JsonElement>(text).GetProperty("code").GetString();
    }
}
