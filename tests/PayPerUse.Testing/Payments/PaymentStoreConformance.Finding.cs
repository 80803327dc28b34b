using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var payment = NewPayment();
        Assert.Null(await Store.FindAsync(payment.Id, Token));
        Assert.Null(await Store.FindByProviderAsync("payconiq", payment.Id, Token));
        Assert.Null(await Store.FindOpenAsync(payment.OpenKey!, Token));
        Assert.Null(await Store.FindByRequestKeyAsync(payment.Account, "key", Token));
        Assert.Empty(await Store.ListAsync(payment.Account, 10, Token));
        Assert.Empty(await Store.ReadEventsAsync(payment.Id, Token));
    }

    [Fact]
    public async Task A_payment_is_found_by_its_provider_and_the_providers_id_ordinally()
    {
        var providerPaymentId = "pp" + Guid.NewGuid().ToString("N");
        var added = await MustAddAsync(NewPayment());
        var known = await MustUpdateAsync(added with { ProviderPaymentId = providerPaymentId });
        Assert.Equal(known, await Store.FindByProviderAsync("payconiq", providerPaymentId, Token));
        Assert.Null(await Store.FindByProviderAsync("stripe", providerPaymentId, Token));
        Assert.Null(await Store.FindByProviderAsync("payconiq", providerPaymentId.ToUpperInvariant(), Token));
    }

    [Fact]
    public async Task An_accounts_payments_are_listed_newest_first()
    {
        var account = NewAccount();
        var payments = new List<Payment>();
        for (var i = 0; i < 5; i++)
        {
            var created = Now + TimeSpan.FromMilliseconds(i);
            payments.Insert(0, await MustAddAsync(NewPayment(account) with { CreatedAt = created, OpenKey = null }));
        }

        await MustAddAsync(NewPayment());
        Assert.Equal(payments, await Store.ListAsync(account, 10, Token));
        Assert.Equal(payments[..2], await Store.ListAsync(account, 2, Token));
    }

    [Fact]
    public async Task Due_payments_are_found_oldest_first()
    {
        // A time of its own: other tests' payments are never due in it.
        var then = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var due = new List<string>();
        foreach (var minutes in new[] { 3, 1, 2, 0 })
        {
            var payment = NewPayment() with { NextCheckAt = then - TimeSpan.FromMinutes(minutes) };
            await MustAddAsync(payment);
            due.Add(payment.Id);
        }

        await MustAddAsync(NewPayment() with { NextCheckAt = then + TimeSpan.FromMilliseconds(1) });
        await MustAddAsync(NewPayment() with { NextCheckAt = null });
        string[] expected = [due[0], due[2], due[1], due[3]];
        Assert.Equal(expected, (await Store.FindDueAsync(then, 10, Token)).Select(p => p.Id));
        Assert.Equal(expected[..2], (await Store.FindDueAsync(then, 2, Token)).Select(p => p.Id));
    }

    [Fact]
    public async Task Payments_are_counted_by_status()
    {
        var before = await Store.CountAsync(PaymentStatus.Review, Token);
        var added = await MustAddAsync(NewPayment());
        Assert.Equal(before, await Store.CountAsync(PaymentStatus.Review, Token));
        await MustUpdateAsync(added with { Status = PaymentStatus.Review });
        Assert.Equal(before + 1, await Store.CountAsync(PaymentStatus.Review, Token));
    }

    [Fact]
    public async Task What_one_host_saved_another_finds_at_once()
    {
        var two = await CreateSecondStoreAsync(Store);
        var added = await MustAddAsync(NewPayment());
        Assert.Equal(added, await two.FindAsync(added.Id, Token));
        var paid = await two.TryUpdateAsync(added with { Status = PaymentStatus.Paid }, null, Token);
        Assert.Equal(paid, await Store.FindAsync(added.Id, Token));
    }
}
