using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Endpoints;

/// <summary>Says why credits were not taken: the answers that POST /credits/use and RequireCredits share.</summary>
internal sealed class CreditRefusal(IOptions<PayPerUseOptions> options, PayPerUseRoutes routes, TimeProvider clock)
{
    public ProblemAnswer Of(CreditResult result, long required, HttpRequest request) =>
        result.Status switch
        {
            CreditStatus.Conflict => Problem.KeyReused(
                "The Idempotency-Key was used for another action or number of credits. Choose a new one."
            ),
            CreditStatus.RateLimited => Problem.RateLimited((result.RetryAt ?? clock.GetUtcNow()) - clock.GetUtcNow()),
            CreditStatus.InsufficientCredits => Insufficient(result.Balance, required, request),
            // Nobody is signed in to an account that is closed.
            CreditStatus.Merged => Problem.SignInRequired(),
            CreditStatus.Invalid => Problem.Invalid("body", result.Error ?? "is not valid."),
            _ => Problem.Unavailable(
                "store-unavailable",
                $"The credits could not be taken ({result.Status}). Try again.",
                TimeSpan.FromSeconds(2),
                CreditOperationOutcome.NotApplied
            ),
        };

    private ProblemAnswer Insufficient(long balance, long required, HttpRequest request) =>
        new ProblemAnswer(402, "insufficient-credits", "Payment required")
            .With("balance", balance)
            .With("required", required)
            .With(
                "packs",
                new JsonArray([
                    .. options.Value.Packs.Select(p =>
                        JsonSerializer.SerializeToNode(PackAnswer.Of(p), AnswerJson.Default.PackAnswer)
                    ),
                ])
            )
            .With("checkout", routes.LinkTo(request, PayPerUseRoutes.CreatePayment));
}
