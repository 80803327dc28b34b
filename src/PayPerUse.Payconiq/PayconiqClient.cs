using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PayPerUse.Payconiq;

/// <summary>The merchant payments API v3: create, get, cancel, search. Turns every failure into what it means for an order.</summary>
internal sealed class PayconiqClient(
    IHttpClientFactory clients,
    PayconiqPipeline pipeline,
    IOptions<PayconiqOptions> options,
    TimeProvider clock
)
{
    /// <summary>The name of the HTTP client, for adopters who must configure a proxy.</summary>
    public const string HttpClientName = "PayPerUse.Payconiq";

    // With our own reference a search finds one payment; the bound is for a service that would ignore it.
    private const int MaxPages = 20;

    /// <summary>Creates a payment. Sent at most once: the API has no idempotency key for it.</summary>
    public async Task<PaymentAnswer> CreateAsync(CreateRequest request, CancellationToken cancellationToken)
    {
        var call = new Call(HttpMethod.Post, "v3/payments", Json(request, PayconiqWire.Default.CreateRequest))
        {
            HasEffect = true,
        };
        var reply = await SendAsync(call, pipeline.Once, cancellationToken).ConfigureAwait(false);
        Demand(call, reply);
        var answer = Read(call, reply, PayconiqWire.Default.PaymentAnswer);
        return answer.PaymentId is { Length: > 0 } ? answer : throw Unreadable(call, null);
    }

    /// <summary>Reads a payment; null when the API has none of that id.</summary>
    public async Task<PaymentAnswer?> GetAsync(string paymentId, CancellationToken cancellationToken)
    {
        var call = new Call(HttpMethod.Get, "v3/payments/" + Uri.EscapeDataString(paymentId), null);
        var reply = await SendAsync(call, pipeline.Repeated, cancellationToken).ConfigureAwait(false);

        // Only the API's own word counts: the 404 of a wrong address must not end payments.
        if (reply.Status == HttpStatusCode.NotFound && ErrorOf(reply)?.Code == "PAYMENT_NOT_FOUND")
        {
            return null;
        }

        Demand(call, reply);
        return Read(call, reply, PayconiqWire.Default.PaymentAnswer);
    }

    /// <summary>Cancels a payment. One that is no longer pending is left alone.</summary>
    public async Task CancelAsync(string paymentId, CancellationToken cancellationToken)
    {
        var call = new Call(HttpMethod.Delete, "v3/payments/" + Uri.EscapeDataString(paymentId), null)
        {
            HasEffect = true,
        };
        var reply = await SendAsync(call, pipeline.Repeated, cancellationToken).ConfigureAwait(false);
        if (ErrorOf(reply)?.Code is not ("PAYMENT_NOT_PENDING" or "PAYMENT_NOT_FOUND") || reply.IsSuccess)
        {
            Demand(call, reply);
        }
    }

    /// <summary>Finds the payments with our reference, newest first.</summary>
    public async Task<IReadOnlyList<PaymentAnswer>> SearchAsync(
        string reference,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        var json = Json(
            new SearchRequest { From = PayconiqTime.Write(from), Reference = reference },
            PayconiqWire.Default.SearchRequest
        );
        var found = new List<PaymentAnswer>();
        for (var page = 0; page < MaxPages; page++)
        {
            var call = new Call(HttpMethod.Post, $"v3/payments/search?page={page}&size=50", json);
            var reply = await SendAsync(call, pipeline.Repeated, cancellationToken).ConfigureAwait(false);
            Demand(call, reply);
            var answer = Read(call, reply, PayconiqWire.Default.SearchAnswer);
            var details = answer.Details ?? throw Unreadable(call, null);
            found.AddRange(details.Where(p => string.Equals(p.Reference, reference, StringComparison.Ordinal)));
            if (details.Count == 0 || page + 1 >= (answer.TotalPages ?? 1))
            {
                return found;
            }
        }

        throw new PaymentProviderException(
            PayconiqDefaults.ProviderId,
            PaymentProviderFailure.Unavailable,
            $"Payconiq has more than {MaxPages} pages of payments for one reference, so the search cannot decide."
        );
    }

    private async Task<PayconiqReply> SendAsync(Call call, ResiliencePipeline way, CancellationToken cancellationToken)
    {
        var wasSent = false;
        try
        {
            return await way.ExecuteAsync(
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

    private HttpRequestMessage New(Call call)
    {
        var o = options.Value;
        var request = new HttpRequestMessage(call.Method, PayconiqAddress.Append(o.EffectiveApiBase, call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", o.ApiKey);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = call.Json is null ? null : new SentContent(call.Json);
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

    private static void Demand(Call call, PayconiqReply reply)
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
            401 or 403 => ". Check Payconiq:ApiKey.",
            _ => "",
        };
        throw new PaymentProviderException(
            PayconiqDefaults.ProviderId,
            reply.Status == HttpStatusCode.TooManyRequests ? PaymentProviderFailure.Unavailable
                : !reply.MayHaveHappened ? PaymentProviderFailure.Rejected
                : call.HasEffect ? PaymentProviderFailure.Unknown
                : PaymentProviderFailure.Unavailable,
            $"Payconiq answered {(int)reply.Status}{said} to {call.Name}{hint}"
        );
    }

    private static ErrorAnswer? ErrorOf(PayconiqReply reply)
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

    private static T Read<T>(Call call, PayconiqReply reply, JsonTypeInfo<T> type)
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
    private static PaymentProviderException Unreadable(Call call, Exception? cause) =>
        Failed(call, true, "gave an answer that cannot be read", cause);

    private static PaymentProviderException Failed(Call call, bool wasSent, string what, Exception? cause) =>
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

    private static byte[] Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private sealed record Call(HttpMethod Method, string Path, byte[]? Json)
    {
        /// <summary>Whether it changes something there, so that a lost answer leaves us in doubt.</summary>
        public bool HasEffect { get; init; }

        public string Name => $"{Method} {Path}";
    }
}
