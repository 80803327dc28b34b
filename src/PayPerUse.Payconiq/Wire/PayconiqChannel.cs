using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payments;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PayPerUse.Payconiq.Wire;

/// <summary>Carries calls to the API and turns every failure into what it means for an order.</summary>
internal sealed class PayconiqChannel(
    IHttpClientFactory clients,
    PayconiqPipeline pipeline,
    RequestSigner signer,
    IOptions<PayconiqOptions> options,
    TimeProvider clock
)
{
    /// <summary>The name of the HTTP client, for adopters who must configure a proxy.</summary>
    public const string HttpClientName = "PayPerUse.Payconiq";

    /// <summary>Sends a call and reads its answer, whatever it says.</summary>
    /// <exception cref="PaymentProviderException">No answer came.</exception>
    public async Task<PayconiqReply> SendAsync(PayconiqCall call, CancellationToken cancellationToken)
    {
        var wasSent = false;
        try
        {
            return await (call.IsRepeatable ? pipeline.Repeated : pipeline.Once)
                .ExecuteAsync(
                    async token =>
                    {
                        using var request = New(call);
                        try
                        {
                            return await TryAsync(request, token).ConfigureAwait(false);
                        }
                        finally
                        {
                            // Without a body there is no telling; then it counts as sent.
                            wasSent |= request.Content is not SentContent content || content.WasSent;
                        }
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw Failed(call, wasSent, "has failed too often lately and is left alone for a while", e);
        }
        catch (TimeoutRejectedException e)
        {
            throw Failed(call, wasSent, "did not answer in time", e);
        }
        catch (HttpRequestException e) when (IsConnectFailure(e))
        {
            throw Failed(call, false, $"cannot be reached ({e.HttpRequestError})", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Failed(call, wasSent, "broke the connection", e);
        }
    }

    private HttpRequestMessage New(PayconiqCall call)
    {
        var o = options.Value;
        var request = new HttpRequestMessage(call.Method, PayconiqAddress.Append(o.EffectiveApiBase, call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", o.ApiKey);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = call.Json is null ? null : new SentContent(call.Json);
        if (call.IdempotencyKey is { } key)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (call.IsSigned)
        {
            // Made anew for each try: the time in it is the time of the try.
            var signature = signer.Sign(call.Json ?? [], request.RequestUri!, call.Issuer, clock.GetUtcNow());
            request.Headers.TryAddWithoutValidation(PayconiqDefaults.SignatureHeader, signature);
        }

        return request;
    }

    private async Task<PayconiqReply> TryAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(HttpClientName);
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var retryAfter = response.Headers.RetryAfter;
        return new PayconiqReply(
            response.StatusCode,
            body,
            retryAfter?.Delta ?? (retryAfter?.Date - clock.GetUtcNow())
        );
    }

    /// <summary>Throws what a refusal means, unless the call succeeded.</summary>
    public static void Demand(PayconiqCall call, PayconiqReply reply)
    {
        if (reply.IsSuccess)
        {
            return;
        }

        var error = ErrorOf(reply);
        var said = error is null ? "" : $" {PayconiqText.Quote(error.Code)}: {PayconiqText.Quote(error.Message)}";
        var hint = (int)reply.Status switch
        {
            >= 300 and < 400 => ". Redirects are not followed; check Payconiq:ApiBase.",
            401 or 403 when call.IsSigned =>
                ". Check Payconiq:ApiKey and Payconiq:SigningKey, whose public part Bancontact reads at /payments/keys/payconiq.",
            401 or 403 => ". Check Payconiq:ApiKey.",
            _ => "",
        };
        throw new PaymentProviderException(
            PayconiqDefaults.ProviderId,
            reply.Status == HttpStatusCode.TooManyRequests ? PaymentProviderFailure.Unavailable
                : !reply.MayHaveHappened
                    ? call.IsRefusalFinal ? PaymentProviderFailure.Rejected
                        : PaymentProviderFailure.Unavailable
                : call.HasEffect ? PaymentProviderFailure.Unknown
                : PaymentProviderFailure.Unavailable,
            $"Payconiq answered {(int)reply.Status}{said} to {call.Name}{hint}"
        );
    }

    /// <summary>What the API says of a refusal; null when it says nothing of its own.</summary>
    public static ErrorAnswer? ErrorOf(PayconiqReply reply)
    {
        try
        {
            return reply.IsSuccess ? null : JsonSerializer.Deserialize(reply.Body, PayconiqWire.Default.ErrorAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads an answer.</summary>
    public static T Read<T>(PayconiqCall call, PayconiqReply reply, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(reply.Body, type) ?? throw Unreadable(call, null);
        }
        catch (JsonException e)
        {
            throw Unreadable(call, e);
        }
    }

    /// <summary>An answer that makes no sense: what was asked for may have happened.</summary>
    public static PaymentProviderException Unreadable(PayconiqCall call, Exception? cause) =>
        Failed(call, true, "gave an answer that cannot be read", cause);

    private static PaymentProviderException Failed(PayconiqCall call, bool wasSent, string what, Exception? cause) =>
        new(
            PayconiqDefaults.ProviderId,
            call.HasEffect && wasSent ? PaymentProviderFailure.Unknown : PaymentProviderFailure.Unavailable,
            $"Payconiq {what} ({call.Name}).",
            cause
        );

    private static bool IsConnectFailure(HttpRequestException e) =>
        e.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;
}
