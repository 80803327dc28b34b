using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sinterklaas.Crowd;

/// <summary>
/// One family on one phone: a browser's forms and cookies up to the first page, and then what the page's script sends. Each request
/// has a connection of its own, so that of several hosts each serves a part of the visit. It notes how long each step took, and
/// stops at the first answer that is not the right one.
/// </summary>
internal sealed partial class CrowdVisitor : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _email;
    private readonly string _key = Guid.NewGuid().ToString("N");
    private readonly HttpClient _http;
    private readonly List<CrowdStep> _steps = [];

    public CrowdVisitor(Uri site, string email)
    {
        _email = email;
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.Zero,
                CookieContainer = new CookieContainer(),
            }
        )
        {
            BaseAddress = site,
            Timeout = Patience,
        };
    }

    public async Task<CrowdVisit> WalkAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SignInAsync(cancellationToken);
            var payment = await PayAsync(cancellationToken);
            await ReadLetterAsync(payment, cancellationToken);
            return new CrowdVisit(_steps, Error: null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new CrowdVisit(_steps, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SignInAsync(CancellationToken cancellationToken)
    {
        await StepAsync("first page", () => SendAsync(Get("/"), HttpStatusCode.OK, cancellationToken));
        await StepAsync(
            "ask for a code",
            () => SendAsync(Form("/signin", ("email", _email)), HttpStatusCode.Found, cancellationToken)
        );
        var mails = await StepAsync(
            "read the mail",
            () => SendAsync(Get("/dev/mail?to=" + _email), HttpStatusCode.OK, cancellationToken)
        );
        var code = SixDigits().Match(mails).Value;
        await StepAsync(
            "sign in",
            () =>
                SendAsync(
                    Form("/signin/verify", ("email", _email), ("code", code)),
                    HttpStatusCode.Found,
                    cancellationToken
                )
        );
    }

    private async Task<string> PayAsync(CancellationToken cancellationToken)
    {
        await StepAsync("refused letter", () => SendAsync(Letter(), HttpStatusCode.PaymentRequired, cancellationToken));
        var order = new HttpRequestMessage(HttpMethod.Post, "/payments/create")
        {
            Content = JsonContent.Create(new { pack = "five" }),
        };
        var payment = JsonElement.Parse(
            await StepAsync("order", () => SendAsync(order, HttpStatusCode.Created, cancellationToken))
        );

        // The path of a pay page ends in the bank's id, and the bank may be a host of its own.
        var checkout = new Uri(payment.GetProperty("checkoutUrl").GetString()!);
        var approve = new Uri(checkout, $"/simulator/bancontact/payments/{checkout.Segments[^1]}/approve");
        await StepAsync("approve", () => SendAsync(new(HttpMethod.Post, approve), status: null, cancellationToken));
        await StepAsync("until paid", () => UntilPaidAsync(payment.GetProperty("id").GetString()!, cancellationToken));
        return payment.GetProperty("id").GetString()!;
    }

    private async Task<string> UntilPaidAsync(string payment, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; )
        {
            var now = await SendAsync(Get("/payments/" + payment), HttpStatusCode.OK, cancellationToken);
            if (JsonElement.Parse(now).GetProperty("status").GetString() is "paid")
            {
                return now;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new TimeoutException($"{payment} was not paid within {Patience.TotalMinutes} minutes.");
    }

    private async Task ReadLetterAsync(string payment, CancellationToken cancellationToken)
    {
        var letter = JsonElement.Parse(
            await StepAsync("letter", () => SendAsync(Letter(), HttpStatusCode.Created, cancellationToken))
        );
        await StepAsync(
            "read it",
            () => SendAsync(Get(letter.GetProperty("url").GetString()!), HttpStatusCode.OK, cancellationToken)
        );
        var credits = JsonElement.Parse(
            await StepAsync("balance", () => SendAsync(Get("/credits/status"), HttpStatusCode.OK, cancellationToken))
        );
        if (credits.GetProperty("balance").GetInt64() is not 4 and var balance)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{payment} bought 5, one was spent, and {balance} are left."
                )
            );
        }
    }

    private async Task<string> StepAsync(string name, Func<Task<string>> step)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            var answer = await step();
            _steps.Add(new CrowdStep(name, Stopwatch.GetElapsedTime(start)));
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or OperationCanceledException)
        {
            throw new InvalidOperationException($"{name}: {e.Message}", e);
        }
    }

    private async Task<string> SendAsync(
        HttpRequestMessage request,
        HttpStatusCode? status,
        CancellationToken cancellationToken
    )
    {
        using (request)
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            return (status is null ? (int)answer.StatusCode < 400 : answer.StatusCode == status)
                ? body
                : throw new HttpRequestException(
                    $"{request.RequestUri} answered {(int)answer.StatusCode}: {body[..Math.Min(body.Length, 300)]}"
                );
        }
    }

    private HttpRequestMessage Letter()
    {
        // The same press on the same button, before and after paying.
        var letter = new HttpRequestMessage(HttpMethod.Post, "/letters")
        {
            Content = JsonContent.Create(
                new
                {
                    childName = "Emma",
                    age = 6,
                    goodDeeds = "Leerde fietsen en troostte een vriendje",
                    wishes = "Een houten trein",
                }
            ),
        };
        letter.Headers.Add("Idempotency-Key", _key);
        return letter;
    }

    private static HttpRequestMessage Get(string path) =>
        new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,application/json;q=0.9,*/*;q=0.8" } } };

    private static HttpRequestMessage Form(string path, params (string Name, string Value)[] fields) =>
        new(HttpMethod.Post, path)
        {
            Headers = { { "Accept", "text/html,*/*;q=0.8" } },
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}
