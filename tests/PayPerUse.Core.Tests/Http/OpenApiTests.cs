using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.Core.Tests.Http;

/// <summary>An app that describes its API describes ours.</summary>
public sealed class OpenApiTests
{
    private static readonly string[] Common = ["401", "403", "429", "503"];

    [Fact]
    public async Task Every_endpoint_of_the_contract_is_described()
    {
        var document = await ReadAsync();

        var described = document["paths"]!
            .AsObject()
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "GET /credits/events",
                "GET /credits/history",
                "GET /credits/status",
                "GET /payments",
                "GET /payments/packs",
                "GET /payments/{id}",
                "GET /payments/{id}/qr.png",
                "GET /payments/{id}/qr.svg",
                "GET /payments/{id}/receipt",
                "GET /payments/{id}/return",
                "GET /payments/{id}/withdrawal",
                "POST /credits/use",
                "POST /payments/create",
                "POST /payments/webhook",
                "POST /payments/webhook/{provider}",
                "POST /payments/{id}/cancel",
                "POST /payments/{id}/withdrawal",
            ],
            described
        );
    }

    [Theory]
    [InlineData("/credits/status", "get", "200")]
    [InlineData("/credits/use", "post", "200,400,402,409")]
    [InlineData("/credits/history", "get", "200,400")]
    [InlineData("/credits/events", "get", "200")]
    [InlineData("/payments/packs", "get", "200")]
    [InlineData("/payments/create", "post", "200,201,400,409")]
    [InlineData("/payments/{id}", "get", "200,404")]
    [InlineData("/payments", "get", "200,400")]
    [InlineData("/payments/{id}/receipt", "get", "200,404")]
    [InlineData("/payments/{id}/withdrawal", "get", "200,404")]
    [InlineData("/payments/{id}/withdrawal", "post", "200,400,404,409")]
    [InlineData("/payments/{id}/cancel", "post", "200,404,409")]
    [InlineData("/payments/{id}/qr.svg", "get", "200,404")]
    public async Task Answers_and_problems_are_described(string path, string method, string statuses)
    {
        var operation = (await ReadAsync())["paths"]![path]![method]!;

        Assert.Equal(
            statuses.Split(',').Concat(Common).Order(StringComparer.Ordinal),
            operation["responses"]!.AsObject().Select(r => r.Key).Order(StringComparer.Ordinal)
        );
        Assert.NotEmpty((string)operation["summary"]!);
        Assert.StartsWith("PayPerUse.", (string)operation["operationId"]!, StringComparison.Ordinal);
        Assert.NotNull(operation["responses"]!["401"]!["content"]!["application/problem+json"]);
    }

    [Fact]
    public async Task Bodies_and_parameters_are_described()
    {
        var document = await ReadAsync();

        var use = document["paths"]!["/credits/use"]!["post"]!;
        Assert.NotNull(use["requestBody"]!["content"]!["application/json"]!["schema"]);
        Assert.Contains(
            use["parameters"]!.AsArray(),
            p => (string?)p!["name"] == "Idempotency-Key" && (string?)p["in"] == "header"
        );
        var history = document["paths"]!["/credits/history"]!["get"]!["parameters"]!.AsArray();
        Assert.Equal(["limit", "before"], history.Select(p => (string?)p!["name"]));
        var status = document["components"]!["schemas"]!["CreditStatusAnswer"]!["properties"]!.AsObject();
        Assert.Equal(["balance", "reserved", "nextExpiry"], status.Select(p => p.Key));
    }

    private static async Task<JsonObject> ReadAsync()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Services = services => services.AddOpenApi();
            s.Map = app =>
            {
                app.MapOpenApi();

                // A second mapping must not bring the same names again.
                app.MapPayPerUse("/second")
                    .WithMetadata(new Microsoft.AspNetCore.Routing.ExcludeFromDescriptionAttribute());
            };
        });
        return await (
            await house.Client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken)
        ).JsonAsync();
    }
}
