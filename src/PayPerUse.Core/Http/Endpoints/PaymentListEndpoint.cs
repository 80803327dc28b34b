using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Endpoints;

/// <summary>GET /payments: one's own payments, newest first.</summary>
internal static class PaymentListEndpoint
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapGet("/payments", ListAsync)
            .Describe("Payments", "The account's payments, newest first")
            .Produces<PaymentListAnswer>()
            .Problems(400);

    private static async Task<IResult> ListAsync(
        HttpContext context,
        AccountPayments payments,
        ReceiptService receipts,
        PayPerUseRoutes routes,
        string? limit = null,
        string? before = null
    )
    {
        var errors = new InvalidFields();
        var count = PageLimit.Read(limit, errors);
        var position = before is null ? null : ParseCursor(before);
        if (before is not null && position is null)
        {
            errors.Add("before", "is not a cursor of this list; take it from 'next'.");
        }

        if (errors.ToProblem() is { } problem)
        {
            return problem;
        }

        // One more than asked tells whether there is a next page.
        var found = await payments
            .ListAsync(context.GetAccount(), position, count + 1, context.RequestAborted)
            .ConfigureAwait(false);
        var page = found.Take(count).ToArray();
        var numbers = await receipts.FindAsync(page, context.RequestAborted).ConfigureAwait(false);
        return Results.Json(
            new PaymentListAnswer(
                [
                    .. page.Select(p =>
                        PaymentLineAnswer.Of(p, numbers[p.Id], routes.PaymentLink(context.Request, p.Id), receipts.IsOn)
                    ),
                ],
                found.Length > count ? CursorOf(page[^1]) : null
            ),
            AnswerJson.Default.PaymentListAnswer
        );
    }

    private static string CursorOf(Payment payment) =>
        Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{payment.CreatedAt.ToUnixTimeMilliseconds()}.{payment.Id}"
                )
            )
        );

    private static PaymentPosition? ParseCursor(string cursor)
    {
        if (cursor.Length is 0 or > 128 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        return
            Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor)).Split('.') is [var at, var id]
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && PaymentIds.IsOurs(id)
            ? new PaymentPosition(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
            : null;
    }
}

internal sealed record PaymentListAnswer(IReadOnlyList<PaymentLineAnswer> Payments, string? Next);

internal sealed record PaymentLineAnswer(
    string Id,
    string Status,
    string Provider,
    string Pack,
    long Credits,
    MoneyAnswer Price,
    DateTime CreatedAt,
    DateTime? PaidAt,
    IReadOnlyList<string> ReceiptNumbers
)
{
    /// <summary>What went back; left out when nothing did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MoneyAnswer? Refunded { get; init; }

    /// <summary>Where the receipt is; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Receipt { get; init; }

    public static PaymentLineAnswer Of(Payment payment, IEnumerable<Receipt> receipts, string link, bool hasReceipts) =>
        new(
            payment.Id,
            Names.Of(payment.Status),
            payment.Provider,
            payment.Pack,
            payment.Credits,
            MoneyAnswer.Of(payment.Price),
            payment.CreatedAt.UtcDateTime,
            payment.PaidAt?.UtcDateTime,
            [.. receipts.Select(r => r.Number)]
        )
        {
            Refunded = payment.Refunded is { } refunded ? MoneyAnswer.Of(refunded) : null,
            Receipt = hasReceipts && payment.GrantedAt is not null ? link + "/receipt" : null,
        };
}
