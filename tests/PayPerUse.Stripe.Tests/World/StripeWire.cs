using System.Net;
using System.Text;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>The wire between the SDK and an account in memory; it can break before or after a call takes effect.</summary>
public sealed class StripeWire(StripeAccount account, TimeProvider clock) : HttpMessageHandler
{
    public Func<ApiFault> Fault { get; init; } = () => ApiFault.None;

    /// <summary>Which paths the fault is about.</summary>
    public Func<string, bool> Breaks { get; init; } = _ => true;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var fault = Breaks(request.RequestUri!.AbsolutePath) ? Fault() : ApiFault.None;
        if (fault == ApiFault.BeforeEffect)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The wire is broken.");
        }

        var answer = account.Respond(
            new Received(
                request.Method.Method,
                request.RequestUri.AbsolutePath,
                WebUtility.UrlDecode(request.RequestUri.Query),
                request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
                request.Headers.ToDictionary(
                    h => h.Key,
                    h => string.Join(", ", h.Value),
                    StringComparer.OrdinalIgnoreCase
                )
            )
        );
        if (fault == ApiFault.AfterEffect)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer is lost.");
        }

        var response = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            Content = new StringContent(answer.Body, Encoding.UTF8, "application/json"),
            RequestMessage = request,
        };
        response.Headers.Date = clock.GetUtcNow();
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
