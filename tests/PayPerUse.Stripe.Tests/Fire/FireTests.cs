using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using PayPerUse.Payments;
using PayPerUse.Stripe.Tests.World;

namespace PayPerUse.Stripe.Tests.Fire;

public sealed class FireTests
{
    private const int Messages = 20_000;
    private const int Between = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_bad_messages_grant_nothing_and_honest_ones_in_between_are_served()
    {
        await using var shop = await FireShop.StartAsync();

        // Paid, and its genuine event has not come: whichever forgery got through would grant it.
        var victim = await shop.OrderAsync("victim");
        shop.Account.Pay(victim.Id);
        var target = Bytes(shop.LastEvent(victim.Id));

        // Granted already: what repeats its event changes nothing.
        var known = await shop.OrderAsync("known");
        shop.Account.Pay(known.Id);
        var repeated = Bytes(shop.LastEvent(known.Id));
        Assert.Equal(200, await shop.SendAsync(repeated, StripeWorld.Sign(repeated, Orders.Now)));

        var answers = new ConcurrentDictionary<(string Kind, int Status), int>();
        var honest = 0;
        var memory = 0L;
        for (var batch = 0; batch < Messages; batch += Between)
        {
            await Parallel.ForAsync(
                batch,
                batch + Between,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token },
                async (i, _) =>
                {
                    var (kind, status) = await SendBadAsync(shop, i, target, repeated);
                    answers.AddOrUpdate((kind, status), 1, (_, n) => n + 1);
                }
            );
            await ServeAsync(shop, "customer-" + (++honest).ToString(CultureInfo.InvariantCulture));
            if (batch == Messages / 10)
            {
                memory = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        Assert.Equal(Messages, answers.Values.Sum());
        foreach (var ((kind, status), count) in answers)
        {
            var isRight = kind switch
            {
                // Bytes that are no text cannot be what was signed.
                "signed nonsense" => status is 200 or 400 or 429 or 503,
                "a repeated event" => status is 200,
                "an oversized body" => status is 413,

                // A single address is told to slow down after some failures.
                _ => status is 400 or 429,
            };
            Assert.True(isRight, $"{kind}: {status}, {count} times");
        }

        Assert.Equal(0, await shop.BalanceAsync("victim"));
        Assert.Equal(PaymentStatus.Pending, (await shop.FindAsync(victim.Id)).Status);
        Assert.Equal(5, await shop.BalanceAsync("known"));
        Assert.True(grown < 24 * 1024 * 1024, $"The memory grew by {grown / 1024} KiB.");

        // And the genuine event still works.
        Assert.Equal(200, await shop.SendAsync(target, StripeWorld.Sign(target, Orders.Now)));
        Assert.Equal(5, await shop.BalanceAsync("victim"));
    }

    [Fact]
    public async Task A_flood_of_one_genuine_event_costs_a_bounded_number_of_calls()
    {
        await using var shop = await FireShop.StartAsync();
        var payment = await shop.OrderAsync("anna");
        shop.Account.Pay(payment.Id);
        var completed = Bytes(shop.LastEvent(payment.Id));
        shop.Account.Requests.Clear();

        await FloodAsync(shop, completed);
        var forPayment = shop.Account.Requests.Count;
        shop.Account.Refund(payment.Id, 100);
        await FloodAsync(shop, Bytes(shop.LastEvent(payment.Id)));

        Assert.Equal(5, await shop.BalanceAsync("anna"));

        // One look for the first, one for all that came during it; then it is granted, and looked at once in ten seconds.
        Assert.InRange(forPayment, 1, 4);
        Assert.Equal(forPayment, shop.Account.Requests.Count);
    }

    private static async Task FloodAsync(FireShop shop, byte[] body)
    {
        var signature = StripeWorld.Sign(body, Orders.Now);
        await Parallel.ForAsync(
            0,
            1_000,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
            async (_, _) => Assert.Equal(200, await shop.SendAsync(body, signature))
        );
    }

    private static async Task<(string Kind, int Status)> SendBadAsync(
        FireShop shop,
        int seed,
        byte[] target,
        byte[] repeated
    )
    {
        var mutator = new Mutator(seed);
        if (seed % 20 == 0)
        {
            var (distorted, right) = mutator.Distort(repeated);
            return ("signed nonsense", await shop.SendAsync(distorted, right));
        }

        if (seed % 20 == 1)
        {
            return ("a repeated event", await shop.SendAsync(repeated, StripeWorld.Sign(repeated, Orders.Now)));
        }

        var (kind, body, signature) = mutator.Forge(target);
        return (kind, await shop.SendAsync(body, signature));
    }

    private static async Task ServeAsync(FireShop shop, string owner)
    {
        var payment = await shop.OrderAsync(owner);
        shop.Account.Pay(payment.Id);
        var body = Bytes(shop.LastEvent(payment.Id));
        Assert.Equal(200, await shop.SendAsync(body, StripeWorld.Sign(body, Orders.Now)));
        Assert.Equal(5, await shop.BalanceAsync(owner));
    }

    private static byte[] Bytes(System.Text.Json.Nodes.JsonObject message) =>
        Encoding.UTF8.GetBytes(message.ToJsonString());
}
