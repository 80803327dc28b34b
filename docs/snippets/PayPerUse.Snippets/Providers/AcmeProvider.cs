using System.Net;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Snippets.Providers;

#region options
public sealed class AcmeOptions
{
    public string? ApiKey { get; set; }

    public string? WebhookSecret { get; set; }

    public Uri ApiBase { get; set; } = new("https://api.acme.example/");
}
#endregion

#region provider
public sealed class AcmeProvider(IHttpClientFactory clients, IOptions<AcmeOptions> options) : IPaymentProvider
{
    public string Id => "acme";

    public string DisplayName => "Acme Pay";

    public PaymentMode Mode =>
        options.Value.ApiKey!.StartsWith("test_", StringComparison.Ordinal) ? PaymentMode.Test : PaymentMode.Live;

    public TimeSpan CheckoutTime => TimeSpan.FromMinutes(30);

    // Acme keeps our Idempotency-Key, so the same start can be sent again.
    public bool CanRepeatStart => true;

    public string? RefusePack(CreditPack pack) =>
        pack.Price.Currency == "EUR" ? null : "Acme Pay takes euros only; price the pack in EUR.";

    public async Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken)
    {
        // Every parameter comes from our order, never from a clock or a client: a repeated call must be the same call.
        using var request = new HttpRequestMessage(HttpMethod.Post, "payments")
        {
            Headers = { { "Idempotency-Key", payment.Id } },
            Content = JsonContent.Create(
                new
                {
                    amount = payment.Price.Amount,
                    currency = payment.Price.Currency,
                    reference = payment.Id,
                    description = payment.Description,
                    webhookUrl = payment.CallbackUrl,
                    returnUrl = payment.ReturnPageUrl,
                    cancelUrl = payment.TurnBackUrl,
                    expiresAt = payment.ExpiresAt,
                }
            ),
        };
        return await SendAsync(request, cancellationToken)
            ?? throw new PaymentProviderException(Id, PaymentProviderFailure.Rejected, "Acme made no payment.");
    }

    // By our reference, which is known even when the answer to the start was lost.
    public async Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"payments/by-reference/{payment.Id}");
        return await SendAsync(request, cancellationToken);
    }

    public async Task CancelAsync(Payment payment, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"payments/{payment.ProviderPaymentId}");
        await SendAsync(request, cancellationToken);
    }

    private async Task<ProviderPayment?> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient("acme");
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer switch
            {
                { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.NoContent } => null,
                { IsSuccessStatusCode: true } => ToPayment(
                    await answer.Content.ReadFromJsonAsync<AcmePayment>(cancellationToken)
                ),
                { StatusCode: HttpStatusCode.TooManyRequests } => throw Failure(PaymentProviderFailure.Unavailable),
                { StatusCode: >= HttpStatusCode.InternalServerError } => throw Failure(PaymentProviderFailure.Unknown),
                _ => throw Failure(PaymentProviderFailure.Rejected),
            };

            PaymentProviderException Failure(PaymentProviderFailure failure) =>
                new(Id, failure, $"Acme answered {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            // The connection broke: it may have arrived.
            throw new PaymentProviderException(Id, PaymentProviderFailure.Unknown, "Acme did not answer.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PaymentProviderException(Id, PaymentProviderFailure.Unknown, "Acme took too long.", e);
        }
    }

    private static ProviderPayment? ToPayment(AcmePayment? payment) =>
        payment is null
            ? null
            : new ProviderPayment
            {
                ProviderPaymentId = payment.Id,
                Status = payment.Status switch
                {
                    "succeeded" => ProviderPaymentStatus.Paid,
                    "failed" => ProviderPaymentStatus.Failed,
                    "canceled" => ProviderPaymentStatus.Canceled,
                    "expired" => ProviderPaymentStatus.Expired,
                    _ => ProviderPaymentStatus.Pending,
                },
                Amount = new Money(payment.Amount, payment.Currency),
                Reference = payment.Reference,
                Mode = payment.IsTest ? PaymentMode.Test : PaymentMode.Live,
                CheckoutUrl = payment.PayPage,
                ExpiresAt = payment.ExpiresAt,
                PaidAt = payment.PaidAt,
                Detail = payment.Status,
            };

    private sealed record AcmePayment(
        string Id,
        string Status,
        long Amount,
        string Currency,
        string? Reference,
        bool IsTest,
        Uri? PayPage,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? PaidAt
    );
}
#endregion
