using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using PayPerUse.EfCore;

namespace PayPerUse.Rush;

/// <summary>
/// Many customers who pay at the same moment: two shops on one PostgreSQL and a simulated bank, each on a Kestrel of its own. An
/// order is made at one shop, its callback arrives at the other, and the balance is read at the first again.
/// </summary>
public sealed class PaymentRush : IAsyncDisposable
{
    private const long Credits = 5;

    private readonly RushBank _bank;
    private readonly RushShop[] _shops;
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        }
    );

    private PaymentRush(RushBank bank, RushShop[] shops)
    {
        _bank = bank;
        _shops = shops;
    }

    public static async Task<PaymentRush> StartAsync(string connectionString)
    {
        var options = new DbContextOptionsBuilder<PayPerUseDbContext>().UseNpgsql(connectionString).Options;
        await using (var context = new PayPerUseDbContext(options))
        {
            await context.Database.EnsureCreatedAsync();
        }

        var bank = await RushBank.StartAsync();
        var first = await RushShop.StartAsync(connectionString, bank);
        var second = await RushShop.StartAsync(connectionString, bank);
        (first.CallbackTo, second.CallbackTo) = (second.Address, first.Address);
        return new PaymentRush(bank, [first, second]);
    }

    /// <summary>Lets so many customers, each with an account of its own, order and pay at once.</summary>
    /// <param name="customers">How many.</param>
    /// <param name="prefix">What the names of their accounts begin with.</param>
    /// <param name="thinking">The longest that a customer looks at the bank app before paying; each takes another time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RushResult> RunAsync(
        int customers,
        string prefix,
        TimeSpan thinking,
        CancellationToken cancellationToken
    )
    {
        var start = Stopwatch.GetTimestamp();
        var visits = await Task.WhenAll(
            Enumerable
                .Range(0, customers)
                .Select(i => Task.Run(() => VisitAsync(i, prefix, thinking * i / customers, cancellationToken)))
        );
        var time = Stopwatch.GetElapsedTime(start);
        return new RushResult(customers, time, [.. visits.Select(v => v.Created)], [.. visits.Select(v => v.Visible)]);
    }

    /// <summary>Every account's credits as the ledger has them, and what its check finds wrong.</summary>
    public async Task<(long[] Balances, IReadOnlyList<string> Findings)> CheckAsync(
        int customers,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var balances = new List<long>();
        for (var i = 0; i < customers; i++)
        {
            var account = new AccountId(NameOf(prefix, i));
            balances.Add((await _shops[0].Ledger.ReadBalanceAsync(account, cancellationToken)).Balance);
        }

        var findings = new List<string>();
        await foreach (var verdict in _shops[0].Ledger.VerifyAsync(cancellationToken))
        {
            if (!verdict.IsClean)
            {
                findings.Add(verdict.ToString());
            }
        }

        return ([.. balances], findings);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var shop in _shops)
        {
            await shop.DisposeAsync();
        }

        await _bank.DisposeAsync();
    }

    private async Task<Visit> VisitAsync(
        int customer,
        string prefix,
        TimeSpan thinking,
        CancellationToken cancellationToken
    )
    {
        var (mine, other) = (_shops[customer % 2], _shops[1 - (customer % 2)]);
        var account = NameOf(prefix, customer);
        var begin = Stopwatch.GetTimestamp();
        using var order = Request(HttpMethod.Post, mine, "/payments/create", account);
        order.Content = JsonContent.Create(new { pack = "five" });
        var payment = await SendAsync(order, cancellationToken);
        var created = Stopwatch.GetElapsedTime(begin);

        await Task.Delay(thinking, cancellationToken);
        var settled = other.Settled(payment.GetProperty("id").GetString()!);
        var bankId = payment.GetProperty("checkoutUrl").GetString()!.Split('/')[^1];
        using var approve = new HttpRequestMessage(HttpMethod.Post, _bank.Address + $"/payments/{bankId}/approve");
        using var answer = await _http.SendAsync(approve, cancellationToken);
        if ((int)answer.StatusCode >= 400)
        {
            throw new InvalidOperationException($"The bank answered {answer.StatusCode} to an approval.");
        }

        var arrived = await settled.WaitAsync(cancellationToken);
        using var ask = Request(HttpMethod.Get, mine, "/credits/status", account);
        var balance = (await SendAsync(ask, cancellationToken)).GetProperty("balance").GetInt64();
        return balance == Credits
            ? new Visit(created, Stopwatch.GetElapsedTime(arrived))
            : throw new InvalidOperationException($"{account} paid and sees {balance} credits.");
    }

    private static string NameOf(string prefix, int customer) => $"{prefix}-{customer}";

    private static HttpRequestMessage Request(HttpMethod method, RushShop shop, string path, string account) =>
        new(method, new Uri(shop.Address, path)) { Headers = { { RushShop.UserHeader, account } } };

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await _http.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)
            : throw new InvalidOperationException(
                $"{request.RequestUri} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}"
            );
    }

    private sealed record Visit(TimeSpan Created, TimeSpan Visible);
}

/// <summary>What a rush came to.</summary>
/// <param name="Payments">How many were made, paid and granted.</param>
/// <param name="Time">From the first order to the last visible balance.</param>
/// <param name="Created">How long each order took, as the customer saw it.</param>
/// <param name="Visible">How long each took from the arrival of its callback to a balance read over HTTP at the other shop.</param>
public sealed record RushResult(int Payments, TimeSpan Time, TimeSpan[] Created, TimeSpan[] Visible)
{
    public double PerSecond => Payments / Time.TotalSeconds;

    /// <summary>The value below which this share of all lies.</summary>
    public static TimeSpan Percentile(TimeSpan[] all, double share)
    {
        var sorted = all.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * share) - 1, 0, sorted.Length - 1)];
    }
}
