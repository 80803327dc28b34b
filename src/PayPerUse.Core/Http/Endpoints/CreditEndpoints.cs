using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Http.Events;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Endpoints;

/// <summary>/credits/*</summary>
internal static class CreditEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/credits/status", StatusAsync)
            .Describe("CreditStatus", "How many credits the signed-in user has")
            .Produces<CreditStatusAnswer>();
        endpoints
            .MapPost("/credits/use", UseAsync)
            .Describe("UseCredits", "Pays for an action at once")
            .TakesJson<CreditUseRequest>()
            .Produces<CreditUseAnswer>()
            .Problems(400, 402, 409);
        endpoints
            .MapGet("/credits/history", HistoryAsync)
            .Describe("CreditHistory", "Every change of the balance, newest first")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .Produces<CreditHistoryAnswer>()
            .Problems(400);
        endpoints
            .MapGet("/credits/events", EventsAsync)
            .Describe("CreditEvents", "The balance, live: at once and after each change")
            .Produces<CreditStatusAnswer>(contentType: "text/event-stream")
            .WithMetadata(new Microsoft.AspNetCore.Http.Timeouts.DisableRequestTimeoutAttribute());
    }

    private static async Task<IResult> StatusAsync(HttpContext context, CreditLedger ledger)
    {
        var balance = await ledger.ReadBalanceAsync(context.GetAccount(), context.RequestAborted).ConfigureAwait(false);
        return balance.MergedInto is null
            ? Results.Json(CreditStatusAnswer.Of(balance), AnswerJson.Default.CreditStatusAnswer)
            : Problem.SignInRequired();
    }

    private static async Task<IResult> UseAsync(
        HttpContext context,
        CreditLedger ledger,
        CreditRefusal refusal,
        IOptions<PayPerUseOptions> options,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey = null
    )
    {
        // The parameter is for the API description; the header is read with its own rules.
        _ = idempotencyKey;
        var fields = await JsonFields.ReadAsync(context.Request).ConfigureAwait(false);
        var key = IdempotencyKey.FromHeader(context.Request, fields.Errors);
        var name = fields.Text("action", isRequired: true);
        var credits = fields.Number("credits");
        var action = options.Value.Actions.FirstOrDefault(a => string.Equals(a.Id, name, StringComparison.Ordinal));
        if (name is not null && action is null)
        {
            fields.Errors.Add("action", "there is no such action.", "unknown-action");
        }
        else if (action is not null && credits is { } sent && !action.Allows(sent))
        {
            fields.Errors.Add(
                "credits",
                action.Credits == action.MaxCredits
                    ? $"this action costs {action.Credits}; leave the field out or send that."
                    : $"this action costs {action.Credits} to {action.MaxCredits}."
            );
        }

        if (fields.Errors.ToProblem() is { } problem)
        {
            return problem;
        }

        key ??= IdempotencyKey.Make();
        var price = credits ?? action!.Credits;
        var result = await ledger
            .SpendAsync(context.GetAccount(), OperationIds.FromKey(key), price, action!.Id, context.RequestAborted)
            .ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new CreditUseAnswer(key, result.Balance), AnswerJson.Default.CreditUseAnswer)
            : refusal.Of(result, price, context.Request);
    }

    private static async Task<IResult> HistoryAsync(
        HttpContext context,
        CreditLedger ledger,
        string? limit = null,
        string? before = null
    )
    {
        var errors = new InvalidFields();
        var count = PageLimit.Read(limit, errors);
        var sequence = before is null ? null : HistoryCursor.Parse(before);
        if (before is not null && sequence is null)
        {
            errors.Add("before", "is not a cursor of this history; take it from 'next'.");
        }

        if (errors.ToProblem() is { } problem)
        {
            return problem;
        }

        // One more than asked tells whether there is a next page.
        var entries = await ledger
            .ReadHistoryAsync(context.GetAccount(), sequence, count + 1, context.RequestAborted)
            .ConfigureAwait(false);
        var page = entries.Take(count).ToArray();
        var next = entries.Length > count ? HistoryCursor.Of(page[^1].Sequence) : null;
        return Results.Json(
            new CreditHistoryAnswer(Array.ConvertAll(page, CreditEntryAnswer.Of), next),
            AnswerJson.Default.CreditHistoryAnswer
        );
    }

    private static async Task<IResult> EventsAsync(HttpContext context, BalanceStreams streams)
    {
        if (streams.TryOpen(context.GetAccount()) is not { } stream)
        {
            return Problem.TooManyStreams(streams.MaxPerAccount);
        }

        try
        {
            // Before the answer starts, so that a store that does not answer can still be told as 503.
            var first = await streams.ReadAsync(stream, context.RequestAborted).ConfigureAwait(false);
            if (first.MergedInto is null)
            {
                return new BalanceStreamAnswer(streams, stream, first);
            }

            stream.Dispose();
            return Problem.SignInRequired();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
