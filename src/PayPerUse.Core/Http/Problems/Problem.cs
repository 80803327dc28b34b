using System.Text.Json.Nodes;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Http.Problems;

/// <summary>Every error of the contract. Codes are API: clients depend on them.</summary>
internal static class Problem
{
    public static ProblemAnswer SignInRequired() => new(401, "sign-in-required", "Sign in first");

    public static ProblemAnswer CrossSite() =>
        new(403, "cross-site", "Refused", "The request comes from another site. Send it from the app's own pages.");

    public static ProblemAnswer Invalid(string field, string error, string code = "invalid-request")
    {
        var fields = new InvalidFields();
        fields.Add(field, error, code);
        return fields.ToProblem()!;
    }

    public static ProblemAnswer NotFound() => new(404, "not-found", "Not found");

    public static ProblemAnswer ReceiptsOff() =>
        new(404, "receipts-off", "No receipts", "This app issues no receipts: it has no seller (AddSeller).");

    public static ProblemAnswer NoReceipt(string status) =>
        new ProblemAnswer(404, "no-receipt", "No receipt", "A receipt is issued once the payment is paid.").With(
            "paymentStatus",
            status
        );

    public static ProblemAnswer WithdrawalOff() =>
        new(404, "withdrawal-off", "No withdrawal", "This app offers no withdrawal (Withdrawal.Days is 0).");

    public static ProblemAnswer NotWithdrawn(WithdrawalStatus status) =>
        status switch
        {
            WithdrawalStatus.Over => new(409, "withdrawal-over", "Too late", "The time to withdraw is over."),
            WithdrawalStatus.Changed => new(
                409,
                "withdrawal-changed",
                "Changed",
                "The amount is no longer the one that was shown. Nothing has happened; look again."
            ),
            WithdrawalStatus.Refused => new(
                409,
                "withdrawal-refused",
                "Refused",
                "The payment provider refused the refund. The credits are as before; write to the seller."
            ),
            _ => new(409, "nothing-to-withdraw", "Nothing to withdraw", "None of the payment's credits are unspent."),
        };

    public static ProblemAnswer KeyReused(string detail) => new(409, "key-reused", "Key reused", detail);

    public static ProblemAnswer InProgress(string operationId) =>
        Operation(
            new(409, "in-progress", "In progress", "The first request with this Idempotency-Key is still running."),
            operationId
        );

    public static ProblemAnswer AlreadyDone(string operationId) =>
        Operation(
            new(
                409,
                "already-done",
                "Already done",
                "The request with this Idempotency-Key succeeded. It was charged once and does not run again."
            ),
            operationId
        );

    public static ProblemAnswer SignedIn() =>
        new(409, "signed-in", "Signed in", "Who is signed in has an account and needs no guest wallet.");

    public static ProblemAnswer NoGuestWallet() =>
        new(404, "no-guest-wallet", "No guest wallet", "This browser has no guest wallet to claim.");

    public static ProblemAnswer GuestIsBusy(TimeSpan retryAfter) =>
        new(409, "try-again", "Try again", "Something is still being made with the guest's credits. Try again shortly.")
        {
            RetryAfter = retryAfter,
        };

    public static ProblemAnswer AlreadyClaimed() =>
        new(409, "already-claimed", "Already claimed", "The guest wallet was claimed for another account.");

    public static ProblemAnswer NotOpen(string status) =>
        new ProblemAnswer(
            409,
            "not-open",
            "No longer open",
            "The payment is no longer open, so it cannot be canceled."
        ).With("paymentStatus", status);

    public static ProblemAnswer RateLimited(TimeSpan retryAfter) =>
        new(429, "rate-limited", "Too many uses", "The account's limit is reached. Try again later.")
        {
            RetryAfter = retryAfter,
        };

    public static ProblemAnswer Flooded(TimeSpan retryAfter) =>
        new(429, "too-many-requests", "Too many requests", "Slow down and try again.") { RetryAfter = retryAfter };

    public static ProblemAnswer TooManyStreams(int limit) =>
        new(429, "too-many-streams", "Too many streams", $"An account may have {limit} live streams. Close one.")
        {
            RetryAfter = TimeSpan.FromSeconds(15),
        };

    public static ProblemAnswer BodyTooLarge(long limit) =>
        new(413, "body-too-large", "Body too large", $"A message has at most {limit} bytes.");

    public static ProblemAnswer BodyTooLarge() =>
        new(413, "body-too-large", "Body too large", "The body is larger than the server takes.");

    public static ProblemAnswer InvalidSignature() =>
        new(400, "invalid-signature", "Invalid signature", "The message was not sent by the provider, or was changed.");

    public static ProblemAnswer UnknownProvider() =>
        new(400, "unknown-provider", "Unknown provider", "No payment provider of this app sends such a message.");

    public static ProblemAnswer Undecided(string detail) =>
        Unavailable("undecided", detail, TimeSpan.FromSeconds(30), CreditOperationOutcome.Unknown);

    public static ProblemAnswer Unavailable(
        string code,
        string detail,
        TimeSpan retryAfter,
        CreditOperationOutcome outcome,
        string? operationId = null
    )
    {
        var problem = new ProblemAnswer(503, code, "Not available now", detail) { RetryAfter = retryAfter };
        problem.WithOutcome(outcome);
        return outcome == CreditOperationOutcome.Unknown && operationId is not null
            ? Operation(problem, operationId)
            : problem;
    }

    private static ProblemAnswer Operation(ProblemAnswer problem, string operationId) =>
        problem.With("operationId", JsonValue.Create(OperationIds.ToClient(operationId)));
}
