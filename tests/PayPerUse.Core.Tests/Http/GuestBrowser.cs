using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>A browser that keeps the one cookie that matters here, and may be signed in.</summary>
internal sealed class GuestBrowser(HttpHouse house) : IDisposable
{
    private const string Name = "payperuse.guest";

    private readonly HttpClient _client = house.MakeClient(null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string? Cookie { get; set; }

    public string? User { get; set; }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(
        string path,
        JsonNode? body = null,
        Action<HttpRequestMessage>? change = null
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        change?.Invoke(request);
        return SendAsync(request);
    }

    public Task<HttpResponseMessage> PostFormAsync(string path, string returnUrl) =>
        SendAsync(
            new(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent([KeyValuePair.Create("returnUrl", returnUrl)]),
            }
        );

    public Task<HttpResponseMessage> PostTextAsync(string path, string text, string contentType)
    {
        var content = new StringContent(text);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(new(HttpMethod.Post, path) { Content = content });
    }

    public async Task MakeWalletAsync() => await (await PostAsync("/credits/guest")).JsonAsync(HttpStatusCode.Created);

    public async Task<long> BalanceAsync() => (long)(await (await GetAsync("/credits/status")).JsonAsync())["balance"]!;

    public async Task<string> PayAsync()
    {
        var created = await PostAsync("/payments/create", new JsonObject { ["pack"] = "five" });
        var id = (string)(await created.JsonAsync(HttpStatusCode.Created))["id"]!;
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await house.Services.GetRequiredService<PaymentSettler>().SettleAsync(id, PaymentTrigger.Webhook, Token);
        return id;
    }

    /// <summary>Who the guest is, which only the server knows.</summary>
    public Task<AccountId> AccountAsync()
    {
        var context = new DefaultHttpContext();
        context.Request.Scheme = "http";
        context.Request.Headers.Cookie = $"{Name}={Cookie}";
        return Task.FromResult(house.Services.GetRequiredService<IGuestWallets>().Find(context)!.Value);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (Cookie is { Length: > 0 })
            {
                request.Headers.Add("Cookie", $"{Name}={Cookie}");
            }

            if (User is not null)
            {
                request.Headers.Add("X-User", User);
            }

            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            {
                Cookie = cookies.Single().Split(';')[0][(Name.Length + 1)..];
            }

            return response;
        }
    }
}
