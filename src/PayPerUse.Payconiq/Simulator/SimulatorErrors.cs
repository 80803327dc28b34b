using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Errors in the API's shape: <c>{"code","message","traceId","spanId"}</c>.</summary>
internal static class SimulatorErrors
{
    public static IResult Unauthorized =>
        Of(StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "The API key is missing or wrong.");

    public static IResult NotFound =>
        Of(StatusCodes.Status404NotFound, "PAYMENT_NOT_FOUND", "There is no payment of that id.");

    public static IResult NotPending(SimulatedPayment payment) =>
        Of(
            StatusCodes.Status422UnprocessableEntity,
            "PAYMENT_NOT_PENDING",
            $"The payment is {payment.Status} and no longer pending."
        );

    public static IResult RefundNotFound =>
        Of(StatusCodes.Status404NotFound, "REFUND_NOT_FOUND", "There is no refund of that id.");

    public static IResult Refund(string code) =>
        Of(StatusCodes.Status422UnprocessableEntity, code, "The refund is not made.");

    public static IResult Field(string code, string message) => Of(StatusCodes.Status400BadRequest, code, message);

    public static IResult Of(int status, string code, string message) =>
        SimulatorJson.Result(
            new JsonObject
            {
                ["code"] = code,
                ["message"] = message,
                ["traceId"] = (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString(),
                ["spanId"] = (Activity.Current?.SpanId ?? ActivitySpanId.CreateRandom()).ToHexString(),
            },
            status
        );
}
