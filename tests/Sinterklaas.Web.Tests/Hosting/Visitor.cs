using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using PayPerUse.Testing;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>Somebody who knows the contract and nothing else: a client with cookies.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public Visitor(Uri site, string? email = null)
    {
        Email = email ?? $"ouder-{Guid.NewGuid():N}@voorbeeld.be";
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        {
            BaseAddress = site,
        };
    }

    public string Email { get; }

    public static object Child(string name = "Emma") =>
        new
        {
            childName = name,
            age = 6,
            goodDeeds = "Leerde fietsen en troostte een vriendje",
            wishes = "Een houten trein",
        };

    /// <summary>A visitor who signed in by JSON and sends the token from now on.</summary>
    public static async Task<Visitor> SignedInAsync(Uri site, CancellationToken ct)
    {
        var visitor = new Visitor(site);
        await visitor.SignInAsync(ct);
        return visitor;
    }

    /// <summary>The same session at another host.</summary>
    public Visitor On(Uri host)
    {
        var there = new Visitor(host, Email);
        there._http.DefaultRequestHeaders.Authorization = _http.DefaultRequestHeaders.Authorization;
        return there;
    }

    public async Task SignInAsync(CancellationToken ct)
    {
        using var asked = await PostAsync("/signin", new { email = Email }, ct);
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        using var verified = await PostAsync(
            "/signin/verify",
            new { email = Email, code = await ReadCodeAsync(ct) },
            ct
        );
        Assert.Equal(HttpStatusCode.OK, verified.StatusCode);
        var token = (await BodyOfAsync(verified, ct)).GetProperty("accessToken").GetString();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<string> ReadCodeAsync(CancellationToken ct)
    {
        var mails = await GetJsonAsync($"/dev/mail?to={Uri.EscapeDataString(Email)}", ct);
        return SixDigits().Match(mails[0].GetProperty("text").GetString()!).Value;
    }

    /// <summary>What the browser keeps under a name; null when nothing.</summary>
    public string? CookieOf(string name) => _cookies.GetCookies(_http.BaseAddress!)[name]?.Value;

    public void SetCookie(string name, string value) => _cookies.Add(_http.BaseAddress!, new Cookie(name, value));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        _http.SendAsync(request, ct);

    /// <summary>Sends a request whose answer has no end.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken ct) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken ct) => _http.GetAsync(path, ct);

    public Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken ct, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return _http.SendAsync(request, ct);
    }

    /// <summary>Sends a form as a browser without scripts does.</summary>
    public Task<HttpResponseMessage> PostFormAsync(
        string path,
        Dictionary<string, string> fields,
        CancellationToken ct
    ) => PostFieldsAsync(path, fields, ct);

    /// <summary>The same, with fields that repeat.</summary>
    public Task<HttpResponseMessage> PostFieldsAsync(
        string path,
        IEnumerable<KeyValuePair<string, string>> fields,
        CancellationToken ct
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        return _http.SendAsync(request, ct);
    }

    public async Task<string> GetPageAsync(string path, CancellationToken ct)
    {
        using var answer = await OpenPageAsync(path, ct);
        return await answer.Content.ReadAsStringAsync(ct);
    }

    /// <summary>What a browser is answered to a link, before it follows a redirect.</summary>
    public Task<HttpResponseMessage> OpenPageAsync(string path, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        return _http.SendAsync(request, ct);
    }

    public async Task<JsonElement> GetJsonAsync(string path, CancellationToken ct)
    {
        using var answer = await _http.GetAsync(path, ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await BodyOfAsync(answer, ct);
    }

    public async Task<long> BalanceAsync(CancellationToken ct) =>
        (await GetJsonAsync("/credits/status", ct)).GetProperty("balance").GetInt64();

    public async Task<JsonElement> StartPaymentAsync(CancellationToken ct)
    {
        using var answer = await PostAsync("/payments/create", new { pack = "five" }, ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(ct));
        return await BodyOfAsync(answer, ct);
    }

    /// <summary>Does what the bank app would do.</summary>
    public async Task InBankAppAsync(JsonElement payment, string button, CancellationToken ct)
    {
        var id = payment.GetProperty("checkoutUrl").GetString()!.Split('/')[^1];
        using var answer = await _http.PostAsync($"/simulator/bancontact/payments/{id}/{button}", content: null, ct);
        Assert.True((int)answer.StatusCode < 400, await answer.Content.ReadAsStringAsync(ct));
    }

    /// <summary>Pays, and waits until the credits are there.</summary>
    public async Task PayAsync(CancellationToken ct)
    {
        var payment = await StartPaymentAsync(ct);
        await InBankAppAsync(payment, "approve", ct);
        await WaitForStatusAsync(payment, "paid", ct);
    }

    public async Task<JsonElement> WaitForStatusAsync(JsonElement payment, string status, CancellationToken ct)
    {
        var path = $"/payments/{payment.GetProperty("id").GetString()}";
        await foreach (var _ in Patience.TriesAsync($"The status {status} of {path}", ct))
        {
            var now = await GetJsonAsync(path, ct);
            if (now.GetProperty("status").GetString() == status)
            {
                return now;
            }
        }

        throw new UnreachableException();
    }

    public static async Task<JsonElement> BodyOfAsync(HttpResponseMessage answer, CancellationToken ct) =>
        JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(ct));

    /// <summary>The stable code of a problem; fails when the answer is not a problem as the contract describes it.</summary>
    public static async Task<string> ProblemOfAsync(
        HttpResponseMessage answer,
        HttpStatusCode status,
        CancellationToken ct
    )
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await BodyOfAsync(answer, ct);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.True(Uri.TryCreate(problem.GetProperty("type").GetString(), UriKind.Absolute, out _));
        return problem.GetProperty("code").GetString()!;
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}
