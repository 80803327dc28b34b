using Microsoft.AspNetCore.Http;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Http.Problems;

/// <summary>Turns broken infrastructure into 503: never a 500, and never a guess about what took effect.</summary>
internal static class FailureProblem
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProviderRetry = TimeSpan.FromSeconds(10);

    /// <summary>The answer to a failure; null when the failure is not of a store, a provider or the request's body.</summary>
    public static ProblemAnswer? Of(Exception exception, HttpRequest request) =>
        exception switch
        {
            CreditStoreException e => Of(e),
            PaymentStoreException => Problem.Unavailable(
                "store-unavailable",
                "Payments cannot be read or kept now. Try again with the same request.",
                StoreRetry,
                OutcomeOf(request)
            ),
            AnswerStoreException => Problem.Unavailable(
                "store-unavailable",
                "Kept answers cannot be read now. Try again with the same request.",
                StoreRetry,
                CreditOperationOutcome.NotApplied
            ),
            PaymentProviderException e => Of(e),
            PayPerUseException => Problem.Unavailable(
                "unavailable",
                "The app is not set up for this. Its log says why.",
                ProviderRetry,
                CreditOperationOutcome.NotApplied
            ),
            BadHttpRequestException e => Of(e),
            _ => null,
        };

    public static ProblemAnswer Of(CreditStoreException e) =>
        Problem.Unavailable(
            "store-unavailable",
            "Credits cannot be read or changed now. Try again with the same request.",
            StoreRetry,
            e.Outcome,
            e.OperationId
        );

    public static ProblemAnswer Of(BadHttpRequestException e) =>
        e.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? Problem.BodyTooLarge()
            : Problem.Invalid("body", "could not be read: " + e.Message);

    public static ProblemAnswer Of(PaymentProviderException e) =>
        Problem.Unavailable(
            "provider-unavailable",
            "The payment provider does not answer now. Try again later, or choose another one.",
            ProviderRetry,
            e.Failure == PaymentProviderFailure.Unknown
                ? CreditOperationOutcome.Unknown
                : CreditOperationOutcome.NotApplied
        );

    private static CreditOperationOutcome OutcomeOf(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? CreditOperationOutcome.NotApplied : CreditOperationOutcome.Unknown;
}
