using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// Sends signed callbacks over real HTTP, and the same bytes again, as the real service does: on 15 s of silence, a broken
/// connection, or 429, 500, 503, 504, 509, for up to 24 hours or until the host stops. Other answers end it. The weather may delay,
/// repeat, change or lose them.
/// </summary>
internal sealed class SimulatorCallbacks(
    IHttpClientFactory clients,
    SimulatorKeys keys,
    SimulatorSky sky,
    SimulatorJournal journal,
    IOptions<PayconiqSimulatorOptions> options,
    TimeProvider clock,
    ILogger<SimulatorCallbacks> logger
) : BackgroundService
{
    public const string HttpClientName = "PayPerUse.Payconiq.Simulator";

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    private readonly Channel<Letter> _letters = Channel.CreateUnbounded<Letter>();

    /// <summary>Tells the shop that a payment has ended.</summary>
    public void Ring(SimulatedPayment payment)
    {
        if (payment.CallbackUrl is not { } url)
        {
            return;
        }

        var weather = sky.Weather;
        if (sky.Hits(weather.CallbackLostPercent))
        {
            journal.Add(payment, "lost by the weather");
            return;
        }

        var body = Encoding.UTF8.GetBytes(payment.ToJson().ToJsonString());
        var now = clock.GetUtcNow();
        var signature = keys.Sign(body, options.Value.ProfileId, url, now, weather.DerSignatures);
        for (var copy = 0; copy < weather.CallbackCopies; copy++)
        {
            var isCorrupt = sky.Hits(weather.CallbackCorruptPercent);
            _letters.Writer.TryWrite(
                new Letter(payment, url, isCorrupt ? Corrupt(body) : body, signature, sky.Delay(weather), isCorrupt)
            );
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Each on its own: a shop that does not answer for one payment does not hold up another.
        await Parallel
            .ForEachAsync(
                _letters.Reader.ReadAllAsync(stoppingToken),
                new ParallelOptions { MaxDegreeOfParallelism = 10_000, CancellationToken = stoppingToken },
                async (letter, token) => await TryDeliverAsync(letter, token).ConfigureAwait(false)
            )
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TryDeliverAsync(Letter letter, CancellationToken cancellationToken)
    {
        try
        {
            await DeliverAsync(letter, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One that cannot be sent must not end the sending of all others.
            SimulatorLog.CallbackFailed(logger, letter.Payment.Id, e);
        }
    }

    private async Task DeliverAsync(Letter letter, CancellationToken cancellationToken)
    {
        if (letter.Delay > TimeSpan.Zero)
        {
            await Task.Delay(letter.Delay, clock, cancellationToken).ConfigureAwait(false);
        }

        var start = clock.GetUtcNow();
        for (var delay = options.Value.CallbackRetryDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            var answer = await SendAsync(letter.To, letter.Body, letter.Signature, cancellationToken)
                .ConfigureAwait(false);
            journal.Add(
                letter.Payment,
                (answer == 0 ? "no answer" : answer.ToString(CultureInfo.InvariantCulture))
                    + (letter.IsCorrupt ? ", corrupted by the weather" : "")
            );
            SimulatorLog.CallbackSent(logger, letter.Payment.Id, letter.Payment.Status, answer);
            if (!IsWorthRetrying(answer) || clock.GetUtcNow() - start > MaxAge)
            {
                return;
            }

            await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes one byte, wherever the dice say.</summary>
    private byte[] Corrupt(byte[] body)
    {
        var changed = body.ToArray();
        changed[sky.Next(changed.Length)] ^= (byte)(1 << sky.Next(7));
        return changed;
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

    private sealed record Letter(
        SimulatedPayment Payment,
        Uri To,
        byte[] Body,
        string Signature,
        TimeSpan Delay,
        bool IsCorrupt
    );
}
