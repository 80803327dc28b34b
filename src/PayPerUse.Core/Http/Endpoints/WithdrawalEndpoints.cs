using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>Taking back a purchase in two steps: what would come back (GET), and that it shall (POST).</summary>
internal static class WithdrawalEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/payments/{id}/withdrawal", QuoteAsync)
            .Describe("WithdrawalQuote", "What a customer would get back for a payment now")
            .Produces<WithdrawalAnswer>()
            .Problems(404);
        endpoints
            .MapPost("/payments/{id}/withdrawal", ConfirmAsync)
            .Describe("Withdraw", "Takes the unspent credits of a payment back and refunds them")
            .TakesJson<WithdrawalRequest>()
            .Produces<WithdrawalAnswer>()
            .Problems(400, 404, 409);
    }

    private static async Task<IResult> QuoteAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        WithdrawalService withdrawals
    )
    {
        if (!withdrawals.IsOn)
        {
            return Problem.WithdrawalOff();
        }

        return
            await payments.FindOwnAsync(context, id).ConfigureAwait(false) is { } payment
            && await withdrawals.QuoteAsync(payment, context.RequestAborted).ConfigureAwait(false) is { } quote
            ? Answer(quote)
            : Problem.NotFound();
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        WithdrawalService withdrawals
    )
    {
        var fields = await JsonFields.ReadAsync(context.Request).ConfigureAwait(false);
        var shown = fields.Number("amount");
        if (shown is < 0)
        {
            fields.Errors.Add("amount", "must be the amount that was shown, in minor units.");
        }

        if (fields.Errors.ToProblem() is { } problem)
        {
            return problem;
        }

        if (!withdrawals.IsOn)
        {
            return Problem.WithdrawalOff();
        }

        if (await payments.FindOwnAsync(context, id).ConfigureAwait(false) is not { } payment)
        {
            return Problem.NotFound();
        }

        var money = shown is { } cents ? new Money(cents, payment.Price.Currency) : null;
        var result = await withdrawals.ConfirmAsync(id, money, context.RequestAborted).ConfigureAwait(false);
        return result.Status switch
        {
            WithdrawalStatus.Accepted => Answer(
                (await withdrawals.QuoteAsync(result.Payment!, context.RequestAborted).ConfigureAwait(false))!
            ),
            WithdrawalStatus.NotFound => Problem.NotFound(),
            WithdrawalStatus.Unavailable => Problem.Unavailable(
                "provider-unavailable",
                "The payment provider does not answer now. Nothing has happened; try again later.",
                TimeSpan.FromSeconds(10),
                CreditOperationOutcome.NotApplied
            ),
            _ => Problem.NotWithdrawn(result.Status),
        };
    }

    private static IResult Answer(WithdrawalQuote quote) =>
        Results.Json(WithdrawalAnswer.Of(quote), AnswerJson.Default.WithdrawalAnswer);
}

/// <summary>The body of POST /payments/{id}/withdrawal; for the API description only.</summary>
internal sealed record WithdrawalRequest(long? Amount);

internal sealed record WithdrawalAnswer(
    string PaymentId,
    bool IsOpen,
    long Credits,
    MoneyAnswer Amount,
    DateTime Until,
    bool ByHand,
    IReadOnlyList<WithdrawnAnswer> Withdrawals
)
{
    public static WithdrawalAnswer Of(WithdrawalQuote quote) =>
        new(
            quote.Payment.Id,
            quote.IsOpen,
            quote.Credits,
            MoneyAnswer.Of(quote.Amount),
            quote.Until.UtcDateTime,
            quote.IsByHand,
            [.. WithdrawalService.Of(quote.Payment).Select(WithdrawnAnswer.Of)]
        );
}

/// <summary>A withdrawal that was made.</summary>
internal sealed record WithdrawnAnswer(DateTime At, MoneyAnswer Amount, string Status, bool ByHand)
{
    public static WithdrawnAnswer Of(PaymentRefund refund) =>
        new(
            refund.At.UtcDateTime,
            MoneyAnswer.Of(refund.Amount),
            refund.Status switch
            {
                PaymentRefundStatus.Succeeded => "succeeded",
                PaymentRefundStatus.Failed => "failed",
                _ => "pending",
            },
            refund.IsOwed
        );
}
