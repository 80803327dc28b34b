using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Architecture.Acme;

/// <summary>The API of the provider that docs/write-a-provider.md writes for, on a wire that can break.</summary>
internal sealed class AcmeAccount(FakeTimeProvider clock)
{
    private readonly Dictionary<string, AcmeOrder> _byReference = new(StringComparer.Ordinal);

    public ApiFault Fault { get; set; }

    /// <summary>The order as it is now; null when there is none.</summary>
    public AcmeOrder? Find(string reference)
    {
        var order = _byReference.GetValueOrDefault(reference);
        return order is { Status: "open" } && order.ExpiresAt <= clock.GetUtcNow()
            ? _byReference[reference] = order with { Status = "expired" }
            : order;
    }

    /// <summary>Ends an open order; false when it has ended before.</summary>
    public bool End(string reference, string status)
    {
        if (Find(reference) is not { Status: "open" } order)
        {
            return false;
        }

        _byReference[reference] = order with
        {
            Status = status,
            PaidAt = status == "succeeded" ? clock.GetUtcNow() : null,
        };
        return true;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Fault == ApiFault.BeforeEffect)
        {
            throw new HttpRequestException("The wire is broken.");
        }

        var answer = await AnswerAsync(request, cancellationToken);
        return Fault == ApiFault.AfterEffect ? throw new HttpRequestException("The answer is lost.") : answer;
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is not { Scheme: "Bearer", Parameter: AcmeWorld.ApiKey })
        {
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        }

        var last = request.RequestUri!.Segments[^1];
        if (request.Method == HttpMethod.Post)
        {
            var asked = await request.Content!.ReadFromJsonAsync<JsonObject>(cancellationToken);
            return Of(Create(asked!, request.Headers.GetValues("Idempotency-Key").Single()));
        }

        var order =
            request.Method == HttpMethod.Get
                ? Find(last)
                : _byReference.Keys.Select(Find).FirstOrDefault(o => o?.Id == last);
        if (order is null || request.Method == HttpMethod.Get)
        {
            return order is null ? new HttpResponseMessage(HttpStatusCode.NotFound) : Of(order);
        }

        return new HttpResponseMessage(
            End(order.Reference, "canceled") ? HttpStatusCode.NoContent : HttpStatusCode.Conflict
        );
    }

    /// <summary>The same key answers the same order, whatever became of it.</summary>
    private AcmeOrder Create(JsonObject asked, string key)
    {
        var reference = (string)asked["reference"]!;
        Assert.Equal(reference, key);
        return Find(reference)
            ?? (
                _byReference[reference] = new AcmeOrder(
                    Guid.NewGuid().ToString("N"),
                    "open",
                    (long)asked["amount"]!,
                    (string)asked["currency"]!,
                    reference,
                    IsTest: true,
                    new Uri("https://pay.acme.example/" + reference),
                    asked["expiresAt"]!.Deserialize<DateTimeOffset>(),
                    null
                )
            );
    }

    private static HttpResponseMessage Of(AcmeOrder order) =>
        new(HttpStatusCode.OK) { Content = JsonContent.Create(order) };
}

/// <summary>An order as the API tells of it.</summary>
internal sealed record AcmeOrder(
    string Id,
    string Status,
    long Amount,
    string Currency,
    string Reference,
    bool IsTest,
    Uri PayPage,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? PaidAt
);
