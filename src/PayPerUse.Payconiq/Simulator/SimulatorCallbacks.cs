using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// Sends signed callbacks over real HTTP, and the same bytes again, as the real service does: on 15 s of silence, a broken
/// connection, or 429, 500, 503, 504, 509, for up to 24 hours or until the host stops. Other answers end it.
/// </summary>
internal sealed class SimulatorCallbacks(
    IHttpClientFactory clients,
    SimulatorKey key,
    IOptions<PayconiqSimulatorOptions> options,
    TimeProvider clock,
    ILogger<SimulatorCallbacks> logger
) : BackgroundService
{
    public const string HttpClientName = "PayPerUse.Payconiq.Simulator";

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    private readonly Channel<SimulatedPayment> _ended = Channel.CreateUnbounded<SimulatedPayment>();

    /// <summary>Tells the shop that a payment has ended.</summary>
    public void Ring(SimulatedPayment payment) => _ended.Writer.TryWrite(payment);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Each on its own: a shop that does not answer for one payment does not hold up another.
        await Parallel
            .ForEachAsync(
                _ended.Reader.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = 1000, CancellationToken = stoppingToken },
                async (payment, token) => await TryDeliverAsync(payment, token).ConfigureAwait(false)
            )
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryDeliverAsync(SimulatedPayment payment, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(payment, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One that cannot be sent must not end the sending of all others.
            SimulatorLog.CallbackFailed(logger, payment.Id, e);
        }
    }

    private async Task DeliverAsync(SimulatedPayment payment, CancellationToken cancellationToken)
    {
        if (payment.CallbackUrl is not { } url)
        {
            return;
        }

        var start = clock.GetUtcNow();
        var body = Encoding.UTF8.GetBytes(payment.ToJson().ToJsonString());
        var signature = key.Sign(body, options.Value.ProfileId, url, start);
        for (var delay = options.Value.CallbackRetryDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            var answer = await SendAsync(url, body, signature, cancellationToken).ConfigureAwait(false);
            SimulatorLog.CallbackSent(logger, payment.Id, payment.Status, answer);
            if (!IsWorthRetrying(answer) || clock.GetUtcNow() - start > MaxAge)
            {
                return;
            }

            await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends once; 0 when no answer came.</summary>
    private async Task<int> SendAsync(Uri url, byte[] body, string signature, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            request.Headers.TryAddWithoutValidation(PayconiqDefaults.SignatureHeader, signature);
            using var response = await client.SendAsync(request, either.Token).ConfigureAwait(false);
            return (int)response.StatusCode;
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested
            )
        {
            return 0;
        }
    }

    private static bool IsWorthRetrying(int answer) =>
        answer
            is 0
                or (int)HttpStatusCode.TooManyRequests
                or (int)HttpStatusCode.InternalServerError
                or (int)HttpStatusCode.ServiceUnavailable
                or (int)HttpStatusCode.GatewayTimeout
                or 509;
}
