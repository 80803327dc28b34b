using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Testing;

namespace PayPerUse.Stripe.Tests;

/// <summary>Stripe's API on a real Kestrel on loopback: records every request and answers as the test says.</summary>
public sealed class FakeStripe : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeStripe(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>How a request is answered; the number counts requests from 1.</summary>
    public Func<Received, int, Answer> Answers { get; set; } = (_, _) => Answer.Error(500, "unscripted");

    public static async Task<FakeStripe> StartAsync()
    {
        // Its answers are made of Stripe's own fixtures: a machine without them skips the test here, not inside the server.
        Machine.Oracle("stripe-fixtures.json");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var fake = new FakeStripe(app);
        app.Run(fake.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    /// <summary>A session of Stripe's own fixtures, changed where the test says.</summary>
    public static JsonObject Session(Action<JsonObject>? change = null)
    {
        var session = Resource("checkout.session");
        session["client_reference_id"] = Orders.Id;
        session["metadata"] = new JsonObject { ["payperuse_payment"] = Orders.Id };
        session["amount_total"] = 100;
        session["currency"] = "eur";
        change?.Invoke(session);
        return session;
    }

    /// <summary>An object of Stripe's own fixtures.</summary>
    public static JsonObject Resource(string name) =>
        JsonNode.Parse(File.ReadAllText(Machine.Oracle("stripe-fixtures.json")))!["resources"]![name]!
            .DeepClone()
            .AsObject();

    /// <summary>A session of the fixtures that is paid, with its charge.</summary>
    public static JsonObject PaidSession(Action<JsonObject>? changeCharge = null) =>
        Session(s =>
        {
            var charge = Resource("charge");
            charge["currency"] = "eur";
            changeCharge?.Invoke(charge);
            var intent = Resource("payment_intent");
            intent["latest_charge"] = charge;
            intent["status"] = "succeeded";
            s["status"] = "complete";
            s["payment_status"] = "paid";
            s["payment_intent"] = intent;
        });

    public static JsonObject List(params JsonObject[] data) =>
        new()
        {
            ["object"] = "list",
            ["has_more"] = false,
            ["data"] = new JsonArray([.. data]),
        };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var received = new Received(
            context.Request.Method,
            context.Request.Path,
            WebUtility.UrlDecode(context.Request.QueryString.Value ?? ""),
            await reader.ReadToEndAsync(context.RequestAborted),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)
        );
        int number;
        lock (Requests)
        {
            Requests.Enqueue(received);
            number = Requests.Count;
        }

        var answer = Answers(received, number);
        if (answer.Cut)
        {
            context.Abort();
            return;
        }

        if (answer.Hang)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body);
    }
}

public sealed record Received(
    string Method,
    string Path,
    string Query,
    string Body,
    IReadOnlyDictionary<string, string> Headers
)
{
    /// <summary>The parameters of the form, decoded, in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Form =>
        [
            .. Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(p => p.Split('=', 2))
                .Select(p => KeyValuePair.Create(WebUtility.UrlDecode(p[0]), WebUtility.UrlDecode(p[1]))),
        ];

    public string this[string name] => Form.Single(p => p.Key == name).Value;
}

public sealed record Answer(int Status, string Body)
{
    public bool Cut { get; init; }

    public bool Hang { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    public static Answer Ok(JsonNode body) => new(200, body.ToJsonString());

    public static Answer Error(
        int status,
        string message,
        string? code = null,
        string type = "invalid_request_error"
    ) =>
        new(
            status,
            new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = message,
                    ["code"] = code,
                    ["type"] = type,
                },
            }.ToJsonString()
        );
}
