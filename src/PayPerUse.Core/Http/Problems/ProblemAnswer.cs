using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;

namespace PayPerUse.Http.Problems;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457) with a stable code and an absolute type.</summary>
internal sealed class ProblemAnswer : IResult, IStatusCodeHttpResult
{
    /// <summary>Every problem type is this and its code.</summary>
    public const string TypeBase = "https://payperuse.dev/problems/";

    public ProblemAnswer(int status, string code, string title, string? detail = null)
    {
        Status = status;
        Code = code;
        Body = new JsonObject
        {
            ["type"] = TypeBase + code,
            ["title"] = title,
            ["status"] = status,
            ["code"] = code,
        };
        if (detail is not null)
        {
            Body["detail"] = detail;
        }
    }

    public int Status { get; }

    public string Code { get; }

    public JsonObject Body { get; }

    /// <summary>When to try again; rounded up to whole seconds, at least one.</summary>
    public TimeSpan? RetryAfter { get; init; }

    int? IStatusCodeHttpResult.StatusCode => Status;

    public ProblemAnswer With(string name, JsonNode? value)
    {
        Body[name] = value;
        return this;
    }

    /// <summary>Every 503 says whether anything has happened.</summary>
    public ProblemAnswer WithOutcome(CreditOperationOutcome outcome) =>
        With("outcome", outcome == CreditOperationOutcome.Unknown ? "unknown" : "not-applied");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(Body.ToJsonString(), httpContext.RequestAborted);
    }
}
