using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Payconiq.Simulator;
using PayPerUse.Payconiq.Tests.Simulator;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq.Tests.Fire;

/// <summary>The webhook address is open to the world.</summary>
[Collection(nameof(Alone))]
public sealed class WebhookUnderFireTests
{
    private const string Address = "/shop/payments/webhook/payconiq";
    private const int Shots = 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_bad_callbacks_grant_nothing_break_nothing_and_honest_ones_get_through()
    {
        await using var shop = await StartAsync();
        using var evil = new SimulatorKeys();
        var target = await OrderAsync(shop, "target");
        var (signature, body) = Sign(shop, target, "EXPIRED");
        var answers = new ConcurrentDictionary<int, int>();
        var honest = 0;

        await FireAsync(shop, 2_000, seed: 1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FireAsync(shop, Shots, seed: 2);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.Equal(0, (await shop.Ledger.ReadBalanceAsync(new AccountId("target"), Token)).Balance);
        Assert.Equal(PaymentStatus.Pending, (await shop.Store.FindAsync(target.Id, Token))!.Status);
        Assert.True(
            answers.Keys.All(status => status is 400 or 413 or 429 or 503),
            string.Join(", ", answers.Select(a => $"{a.Key}: {a.Value}"))
        );

        // Unknown keys are answered 503 by design; of everything else, the first of a minute are told that they are forged.
        Assert.True(answers.ContainsKey(503) && answers.ContainsKey(400) && answers.ContainsKey(413));
        Assert.Equal(220, honest);
        Assert.True(after - before < 12_000_000, $"{before:N0} bytes before, {after:N0} after");
        TestContext.Current.SendDiagnosticMessage(
            $"{before:N0} bytes before, {after:N0} after; {string.Join(", ", answers.Select(a => $"{a.Key}: {a.Value}"))}"
        );

        async Task FireAsync(SimulatedShop at, int shots, int seed)
        {
            var mutator = new Mutator(seed);
            var all = Enumerable
                .Range(0, shots)
                .Select(i => (Number: i, Shot: mutator.Next(signature, body, b => Evil(evil, at, target, b))));
            await Parallel.ForEachAsync(
                all,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
                async (x, _) =>
                {
                    var status = await SendAsync(at, x.Shot.Signature, x.Shot.Body);
                    answers.AddOrUpdate(status, 1, (_, count) => count + 1);
                    if (x.Number % 100 == 0)
                    {
                        var account = $"honest-{seed}-{x.Number}";
                        var payment = await OrderAsync(at, account);
                        at.Get<PayconiqSimulator>().Approve(payment.ProviderPaymentId!);
                        var genuine = Sign(at, payment, "SUCCEEDED");
                        Assert.Equal(200, await SendAsync(at, genuine.Signature, genuine.Body));
                        var balance = await at.Ledger.ReadBalanceAsync(new AccountId(account), Token);
                        Assert.Equal(5, balance.Balance);
                        Interlocked.Increment(ref honest);
                    }
                }
            );
        }
    }

    [Fact]
    public async Task A_flood_of_one_genuine_callback_asks_the_provider_a_few_times_and_grants_once()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 5, 18, 0, 0, TimeSpan.Zero));
        await using var shop = await StartAsync(clock);
        var payment = await OrderAsync(shop, "nick");
        shop.Get<PayconiqSimulator>().Approve(payment.ProviderPaymentId!);
        var (signature, body) = Sign(shop, payment, "SUCCEEDED");
        var before = shop.Questions;

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(200, await SendAsync(shop, signature, body));
            if (i % 100 == 99)
            {
                clock.Advance(TimeSpan.FromSeconds(2));
            }
        }

        // 20 seconds, and at most one question in 10.
        Assert.InRange(shop.Questions - before, 1, 3);
        Assert.Equal(5, (await shop.Ledger.ReadBalanceAsync(new AccountId("nick"), Token)).Balance);
    }

    [Fact]
    public async Task A_flood_with_an_unknown_key_asks_once_in_ten_seconds_for_each_payment_and_settles_what_is_true()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 12, 5, 18, 0, 0, TimeSpan.Zero));
        await using var shop = await StartAsync(clock);
        using var unknown = new SimulatorKeys();
        var open = await OrderAsync(shop, "open");
        var paid = await OrderAsync(shop, "paid");
        shop.Get<PayconiqSimulator>().Approve(paid.ProviderPaymentId!);
        clock.Advance(TimeSpan.FromSeconds(11));
        var before = shop.Questions;

        for (var i = 0; i < 500; i++)
        {
            foreach (var payment in new[] { open, paid })
            {
                var body = BodyOf(shop, payment, "SUCCEEDED");
                Assert.Equal(503, await SendAsync(shop, Evil(unknown, shop, payment, body), body));
            }

            if (i % 100 == 99)
            {
                clock.Advance(TimeSpan.FromSeconds(4));
            }
        }

        // 20 seconds: two payments, at most once in 10 seconds each.
        Assert.InRange(shop.Questions - before, 2, 6);
        Assert.Equal(0, (await shop.Ledger.ReadBalanceAsync(new AccountId("open"), Token)).Balance);
        Assert.Equal(5, (await shop.Ledger.ReadBalanceAsync(new AccountId("paid"), Token)).Balance);
    }

    [Fact]
    public async Task A_callback_of_another_payment_replayed_in_every_order_grants_each_once()
    {
        await using var shop = await StartAsync();
        var payments = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => OrderAsync(shop, "replay-" + i)));
        var messages = payments
            .Select(p =>
            {
                shop.Get<PayconiqSimulator>().Approve(p.ProviderPaymentId!);
                return Sign(shop, p, "SUCCEEDED");
            })
            .ToArray();
        var random = new Random(3);
        var replayed = Enumerable.Range(0, 500).Select(_ => messages[random.Next(messages.Length)]).Concat(messages);

        await Parallel.ForEachAsync(
            replayed,
            Token,
            async (m, _) => Assert.Equal(200, await SendAsync(shop, m.Signature, m.Body))
        );

        foreach (var payment in payments)
        {
            Assert.Equal(5, (await shop.Ledger.ReadBalanceAsync(payment.Account, Token)).Balance);
        }
    }

    // The test itself sends every callback, so that the bank's own do not settle what it looks at.
    private static Task<SimulatedShop> StartAsync(TimeProvider? clock = null) =>
        SimulatedShop.StartAsync(
            o => o.Weather = new PayconiqSimulatorWeather { CallbackLostPercent = 100 },
            clock: clock,
            hasHttp: true
        );

    private static async Task<Payment> OrderAsync(SimulatedShop shop, string account) =>
        (await shop.Checkout.CreateAsync(new CheckoutOrder(new AccountId(account), "five"), Token)).Payment!;

    private static byte[] BodyOf(SimulatedShop shop, Payment payment, string status)
    {
        var json = shop.Get<PayconiqSimulator>().Find(payment.ProviderPaymentId!)!.ToJson();
        json["status"] = status;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static (string Signature, byte[] Body) Sign(SimulatedShop shop, Payment payment, string status)
    {
        var body = BodyOf(shop, payment, status);
        return (Evil(shop.Get<SimulatorKeys>(), shop, payment, body), body);
    }

    private static string Evil(SimulatorKeys keys, SimulatedShop shop, Payment payment, byte[] body) =>
        keys.Sign(body, shop.Options.ProfileId, payment.CallbackUrl, DateTimeOffset.UnixEpoch, isDer: false);

    private static async Task<int> SendAsync(SimulatedShop shop, string? signature, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(PayconiqDefaults.SignatureHeader, signature);
        }

        using var response = await shop.Browser.SendAsync(request, Token);
        return (int)response.StatusCode;
    }
}
