using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

internal sealed partial class SimulatorApi
{
    private const int PageSize = 10_000;

    public async Task<IResult> RefundAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken)
    {
        var (bytes, tooLong) = await ReadBytesAsync(request, cancellationToken).ConfigureAwait(false);
        if (tooLong is not null)
        {
            return tooLong;
        }

        if (!IsAuthorized(request) || !signatures.IsSigned(request, bytes, isReconciliation: false))
        {
            return SimulatorErrors.Unauthorized;
        }

        var (body, error) = Parse(bytes);
        if (
            error is not null
            || request.Headers["Idempotency-Key"].ToString() is not { Length: >= 1 and <= 64 } key
            || SimulatorRequests.ReadRefund(body) is not { } order
        )
        {
            return SimulatorErrors.Field(
                "VALIDATION_ERROR",
                "An Idempotency-Key of at most 64 characters, an amount in cents and the currency EUR are required."
            );
        }

        var (refund, code) = bank.Refund(paymentId, order.Amount, order.Description, key);
        return refund is null
            ? SimulatorErrors.Refund(code!)
            : SimulatorJson.Result(refund.ToJson(clock.GetUtcNow()), StatusCodes.Status201Created);
    }

    public IResult GetRefund(HttpRequest request, string paymentId, string refundId) =>
        !IsAuthorized(request) || !signatures.IsSigned(request, [], isReconciliation: false)
            ? SimulatorErrors.Unauthorized
        : bank.Find(paymentId) is null ? SimulatorErrors.NotFound
        : bank.FindRefund(paymentId, refundId) is { } refund ? SimulatorJson.Result(refund.ToJson(clock.GetUtcNow()))
        : SimulatorErrors.RefundNotFound;

    public IResult ListRefunds(HttpRequest request)
    {
        if (!IsAuthorized(request) || !signatures.IsSigned(request, [], isReconciliation: true))
        {
            return SimulatorErrors.Unauthorized;
        }

        if (
            Day(request, "start-date") is not { } from
            || Day(request, "end-date") is not { } to
            || to < from
            || to.DayNumber - from.DayNumber > PayconiqRefundClient.MaxDays
            || !int.TryParse(request.Query["page"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture, out var page)
            || page < 0
        )
        {
            return SimulatorErrors.Field(
                "BAD_REQUEST",
                "start-date and end-date (yyyy-MM-dd) are both required and at most 30 days apart; page is 0 or more."
            );
        }

        var all = bank.Moved(from, to).ToArray();
        var shown = all.Skip((int)Math.Min((long)page * PageSize, int.MaxValue)).Take(PageSize).ToArray();
        return SimulatorJson.Result(
            new JsonObject
            {
                ["size"] = shown.Length,
                ["totalPages"] = (all.Length + PageSize - 1) / PageSize,
                ["totalElements"] = all.Length,
                ["number"] = page,
                ["refunds"] = new JsonArray([.. shown.Select(x => (JsonNode)ToListed(x.Payment, x.Refund))]),
            }
        );
    }

    private JsonObject ToListed(SimulatedPayment payment, SimulatedRefund refund) =>
        new()
        {
            ["paymentId"] = payment.Id,
            ["refundId"] = refund.Id,
            ["paymentProfileId"] = options.Value.ProfileId,
            ["merchantName"] = options.Value.MerchantName,
            ["paymentChannel"] = "ONLINE",
            ["currency"] = "EUR",
            ["amount"] = refund.Amount,
            ["reference"] = payment.Reference,
            ["description"] = refund.Description,
            ["transactionDate"] = PayconiqTime.Write(refund.CreatedAt),
        };

    private static DateOnly? Day(HttpRequest request, string name) =>
        DateOnly.TryParseExact(
            request.Query[name].FirstOrDefault(),
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var day
        )
            ? day
            : null;
}
