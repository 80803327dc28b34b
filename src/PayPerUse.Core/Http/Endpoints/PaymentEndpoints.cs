using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Pages;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>/payments/*, for the account that pays.</summary>
internal static class PaymentEndpoints
{
    private const int MaxConsentLength = 64;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/payments/packs", Packs)
            .Describe("Packs", "What is for sale, and with which payment providers")
            .Produces<PacksAnswer>();
        endpoints
            .MapPost(PayPerUseRoutes.CreatePayment, CreateAsync)
            .Describe("CreatePayment", "Starts paying for a pack, or returns the payment that is open")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .WithMetadata(new PayPerUseRoutes.Mark())
            .TakesJson<PaymentCreateRequest>()
            .Produces<PaymentAnswer>(StatusCodes.Status201Created)
            .Produces<PaymentAnswer>()
            .Problems(400, 409);
        endpoints
            .MapGet("/payments/{id}", GetAsync)
            .Describe("GetPayment", "How a payment stands")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .Produces<PaymentAnswer>()
            .Problems(404);
        endpoints
            .MapPost("/payments/{id}/cancel", CancelAsync)
            .Describe("CancelPayment", "Calls off a payment that is not paid yet")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .Produces<PaymentAnswer>()
            .Problems(404, 409);
    }

    /// <summary>A payment of this request's account; null when there is none, whoever else may have it.</summary>
    public static Task<Payment?> FindOwnAsync(this AccountPayments payments, HttpContext context, string id) =>
        PaymentIds.IsOurs(id)
            ? payments.FindAsync(context.GetAccount(), id, context.RequestAborted)
            : Task.FromResult<Payment?>(null);

    private static IResult Packs(HttpContext context, IOptions<PayPerUseOptions> options, PaymentProviders providers) =>
        Results.Json(
            new PacksAnswer(
                [.. options.Value.Packs.Select(PackAnswer.Of)],
                [.. providers.All.Select(p => new ProviderAnswer(p.Id, p.DisplayName))]
            )
            {
                Consent = options.Value.RequiredConsent,
                ConsentText = options.Value.RequiredConsent is null
                    ? null
                    : options.Value.ConsentTextOf(PageLanguage.Of(context)),
            },
            AnswerJson.Default.PacksAnswer
        );

    private static async Task<IResult> CreateAsync(
        HttpContext context,
        CheckoutService checkout,
        PayPerUseRoutes routes,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey = null
    )
    {
        // The parameter is for the API description; the header is read with its own rules.
        _ = idempotencyKey;
        var fields = await JsonFields.ReadAsync(context.Request).ConfigureAwait(false);
        var key = IdempotencyKey.FromHeader(context.Request, fields.Errors);
        var pack = fields.Text("pack", isRequired: true);
        var order = new CheckoutOrder(context.GetAccount(), pack ?? "")
        {
            Provider = fields.Text("provider"),
            ReturnUrl = fields.Text("returnUrl", maxLength: ReturnUrl.MaxLength),
            Consent = fields.Text("consent", maxLength: MaxConsentLength),
            Language = PageLanguage.Of(context),
            RequestKey = key,
        };
        if (order.Consent is { } consent && consent.Any(char.IsControl))
        {
            fields.Errors.Add("consent", "must have visible characters only.");
        }

        if (fields.Errors.ToProblem() is { } problem)
        {
            return problem;
        }

        var result = await checkout.CreateAsync(order, context.RequestAborted).ConfigureAwait(false);
        if (result is { Status: CheckoutStatus.Created or CheckoutStatus.Open, Payment: { } payment })
        {
            var link = routes.PaymentLink(context.Request, payment.Id);
            if (result.Status == CheckoutStatus.Open)
            {
                return Answer(payment, link);
            }

            context.Response.Headers.Location = link;
            return Answer(payment, link, StatusCodes.Status201Created);
        }

        return Refuse(result);
    }

    private static async Task<IResult> GetAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        PaymentSettler settler,
        PayPerUseRoutes routes,
        ILoggerFactory loggers
    )
    {
        if (await payments.FindOwnAsync(context, id).ConfigureAwait(false) is not { } payment)
        {
            return Problem.NotFound();
        }

        try
        {
            payment =
                await settler.SettleAsync(id, PaymentTrigger.Poll, context.RequestAborted).ConfigureAwait(false)
                ?? payment;
        }
        catch (PaymentProviderException e)
        {
            // What we know is still true; the next look may know more.
            HttpLog.SettleFailed(loggers.CreateLogger(typeof(PaymentEndpoints)), id, e);
        }

        return Answer(payment, routes.PaymentLink(context.Request, id));
    }

    private static async Task<IResult> CancelAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        CheckoutService checkout,
        PayPerUseRoutes routes
    )
    {
        if (await payments.FindOwnAsync(context, id).ConfigureAwait(false) is null)
        {
            return Problem.NotFound();
        }

        var result = await checkout.CancelAsync(id, context.RequestAborted).ConfigureAwait(false);
        return result switch
        {
            { IsCanceled: true, Payment: { } canceled } => Answer(canceled, routes.PaymentLink(context.Request, id)),
            { Payment: { } payment } => Problem.NotOpen(Names.Of(payment.Status)),
            _ => Problem.NotFound(),
        };
    }

    private static IResult Answer(Payment payment, string link, int status = StatusCodes.Status200OK) =>
        Results.Json(PaymentAnswer.Of(payment, link), AnswerJson.Default.PaymentAnswer, statusCode: status);

    private static ProblemAnswer Refuse(CheckoutResult result)
    {
        // The service names the field before a colon.
        var (field, error) = (result.Error ?? "").Split(": ", 2) is [var name, var rest]
            ? (name, rest)
            : ("body", result.Error ?? "is not valid.");
        return result.Status switch
        {
            CheckoutStatus.UnknownPack => Problem.Invalid(field, error, "unknown-pack"),
            CheckoutStatus.UnknownProvider => Problem.Invalid(field, error, "unknown-provider"),
            CheckoutStatus.InvalidReturnUrl => Problem.Invalid(field, error, "invalid-return-url"),
            CheckoutStatus.ConsentRequired => Problem.Invalid(field, error, "consent-required"),
            CheckoutStatus.KeyReused => Problem.KeyReused(result.Error!),
            _ => Problem.Unavailable(
                "provider-unavailable",
                result.Error ?? "The payment provider does not answer now. Try again later.",
                TimeSpan.FromSeconds(10),
                CreditOperationOutcome.NotApplied
            ),
        };
    }
}
