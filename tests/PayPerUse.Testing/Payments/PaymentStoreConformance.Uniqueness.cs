using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    [Fact]
    public async Task An_open_key_is_held_by_one_payment_until_it_lets_go()
    {
        var account = NewAccount();
        var first = await MustAddAsync(NewPayment(account));
        var second = NewPayment(account);
        Assert.Null(await TryAddAsync(second));
        Assert.Null(await Store.FindAsync(second.Id, Token));
        Assert.Empty(await Store.ReadEventsAsync(second.Id, Token));

        await MustUpdateAsync(first with { Status = PaymentStatus.Expired, OpenKey = null });
        await MustAddAsync(second);
        Assert.Equal(second.Id, (await Store.FindOpenAsync(second.OpenKey!, Token))?.Id);
    }

    [Fact]
    public async Task A_request_key_is_held_for_ever_and_belongs_to_its_account()
    {
        var account = NewAccount();
        var first = await MustAddAsync(NewPayment(account) with { RequestKey = "key" });
        await MustUpdateAsync(first with { Status = PaymentStatus.Canceled, OpenKey = null });

        var again = NewPayment(account) with { RequestKey = "key" };
        Assert.Null(await TryAddAsync(again));
        await MustAddAsync(again with { RequestKey = "KEY" });
        await MustAddAsync(NewPayment() with { RequestKey = "key" });
        Assert.Equal(first.Id, (await Store.FindByRequestKeyAsync(account, "key", Token))?.Id);
        Assert.Equal(again.Id, (await Store.FindByRequestKeyAsync(account, "KEY", Token))?.Id);
    }

    [Fact]
    public async Task Payments_without_keys_do_not_collide()
    {
        var account = NewAccount();
        for (var i = 0; i < 3; i++)
        {
            await MustAddAsync(NewPayment(account) with { OpenKey = null });
        }

        Assert.Equal(3, (await Store.ListAsync(account, 10, Token)).Length);
    }

    [Fact]
    public async Task Of_orders_that_race_for_one_open_key_one_is_made()
    {
        var two = await CreateSecondStoreAsync(Store);
        var account = NewAccount();
        var orders = Enumerable.Range(0, 20).Select(_ => NewPayment(account)).ToArray();
        var results = await RaceAsync(orders.Length, i => TryAddAsync(orders[i], i % 2 == 0 ? Store : two));
        var winner = Assert.Single(results, r => r is not null);
        Assert.Equal([winner!], await Store.ListAsync(account, 50, Token));
    }

    [Fact]
    public async Task Of_orders_that_race_for_one_request_key_one_is_made()
    {
        var two = await CreateSecondStoreAsync(Store);
        var account = NewAccount();
        var orders = Enumerable
            .Range(0, 20)
            .Select(i => NewPayment(account) with { OpenKey = account + "/" + i, RequestKey = "key" })
            .ToArray();
        var results = await RaceAsync(orders.Length, i => TryAddAsync(orders[i], i % 2 == 0 ? Store : two));
        var winner = Assert.Single(results, r => r is not null);
        Assert.Equal(winner, await Store.FindByRequestKeyAsync(account, "key", Token));
    }
}
