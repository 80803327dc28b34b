using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Notices;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Core.Tests.Receipts;

public sealed class ReceiptServiceTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task A_paid_payment_has_one_receipt_that_never_changes()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        var service = ServiceOf(house);

        var receipt = Assert.Single(await service.IssueAsync(payment.Id, Token));
        house.Clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal("TEST-2026-000001", receipt.Number);
        Assert.Equal((100, 17, 83), (receipt.Amount.Amount, receipt.Vat, receipt.Net.Amount));
        Assert.Equal([receipt], await service.IssueAsync(payment.Id, Token));
    }

    [Fact]
    public async Task An_unpaid_payment_has_none()
    {
        await using var house = House();
        var payment = await house.OrderedAsync();

        Assert.Empty(await ServiceOf(house).IssueAsync(payment.Id, Token));
        Assert.Empty(await ServiceOf(house).IssueAsync("nothing", Token));
    }

    [Fact]
    public async Task The_notice_of_a_payment_issues_its_receipt_without_anybody_asking()
    {
        await using var house = House();
        var payment = await PaidAsync(house);

        await house.Services.GetRequiredService<CreditEventsWorker>().DeliverAsync(Token);

        Assert.Single(await StoreOf(house).FindAsync([payment.Id], Token));
    }

    [Fact]
    public async Task Refunds_in_parts_get_credit_notes_whose_VAT_adds_up_to_the_sale_s()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        await ServiceOf(house).IssueAsync(payment.Id, Token);
        foreach (var part in new[] { 33, 33, 34 })
        {
            house.First.Refund(payment.Id, part);
            house.Clock.Advance(PaymentSettler.GrantedInterval);
            await house.SettleAsync(payment);
            await ServiceOf(house).IssueAsync(payment.Id, Token);
        }

        var receipts = await ServiceOf(house).IssueAsync(payment.Id, Token);
        var notes = receipts.Skip(1).ToArray();

        Assert.All(notes, n => Assert.Equal(ReceiptKind.CreditNote, n.Kind));
        Assert.Equal(100, notes.Sum(n => n.Amount.Amount));
        Assert.Equal(receipts[0].Vat, notes.Sum(n => n.Vat));
        Assert.Equal(Enumerable.Range(1, receipts.Length).Select(i => (long)i), receipts.Select(r => r.Sequence));
    }

    [Fact]
    public async Task A_receipt_that_is_asked_for_after_a_refund_is_of_the_whole_price()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        house.First.Refund(payment.Id, 40);
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        await house.SettleAsync(payment);

        var receipts = await ServiceOf(house).IssueAsync(payment.Id, Token);

        Assert.Equal([100, 40], receipts.Select(r => r.Amount.Amount));
        Assert.Equal([ReceiptKind.Receipt, ReceiptKind.CreditNote], receipts.Select(r => r.Kind));
    }

    [Fact]
    public async Task A_refund_that_failed_after_its_credit_note_is_corrected()
    {
        await using var house = House();
        var payment = await PaidAsync(house);
        await ServiceOf(house).IssueAsync(payment.Id, Token);
        var refund = house.First.Refund(payment.Id, 40, PaymentRefundStatus.Pending);
        await LookAsync(house, payment);
        house.First.EndRefund(payment.Id, refund, PaymentRefundStatus.Failed);
        await LookAsync(house, payment);

        var receipts = await ServiceOf(house).IssueAsync(payment.Id, Token);

        Assert.Equal(
            [ReceiptKind.Receipt, ReceiptKind.CreditNote, ReceiptKind.Correction],
            receipts.Select(r => r.Kind)
        );
        Assert.Equal(receipts[1].Vat, receipts[2].Vat);
    }

    [Fact]
    public async Task A_year_begins_at_midnight_of_the_seller_s_time_zone()
    {
        await using var house = House();
        house.Clock.SetUtcNow(new DateTimeOffset(2026, 12, 31, 22, 59, 59, TimeSpan.Zero));
        var before = await ServiceOf(house).IssueAsync((await PaidAsync(house)).Id, Token);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        var after = await ServiceOf(house).IssueAsync((await PaidAsync(house)).Id, Token);

        Assert.Equal("TEST-2026-000001", before[0].Number);
        Assert.Equal("TEST-2027-000001", after[0].Number);
    }

    [Fact]
    public async Task Without_a_seller_nothing_is_issued()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);

        Assert.Empty(await ServiceOf(house).IssueAsync(payment.Id, Token));
    }

    [Fact]
    public async Task Consent_is_saved_with_its_moment_and_its_words()
    {
        await using var house = new PaymentHouse(o => o.RequiredConsent = "2026-1");
        var order = new CheckoutOrder(PaymentHouse.Anna, "five") { Consent = "2026-1", Language = "nl" };

        var payment = (await house.Checkout.CreateAsync(order, Token)).Payment!;

        Assert.Equal("2026-1", payment.Consent);
        Assert.Equal(house.Clock.GetUtcNow(), payment.ConsentedAt);
        Assert.StartsWith("Ik vraag dat mijn credits meteen", payment.ConsentText, StringComparison.Ordinal);
        Assert.Equal("nl", payment.Language);
    }

    [Fact]
    public async Task Who_agrees_to_newer_terms_while_a_payment_is_open_has_agreed_to_those()
    {
        await using var house = new PaymentHouse();
        var order = new CheckoutOrder(PaymentHouse.Anna, "five") { Consent = "1" };
        var first = (await house.Checkout.CreateAsync(order, Token)).Payment!;
        house.Clock.Advance(TimeSpan.FromMinutes(1));

        var again = await house.Checkout.CreateAsync(order with { Consent = "2", Language = "fr" }, Token);

        Assert.Equal(first.Id, again.Payment!.Id);
        Assert.Equal("2", again.Payment.Consent);
        Assert.Equal("fr", again.Payment.Language);
        Assert.Equal(house.Clock.GetUtcNow(), again.Payment.ConsentedAt);
        Assert.Equal(again.Payment, await house.Store.FindAsync(first.Id, Token));
    }

    private static PaymentHouse House() => new(build: b => b.AddSeller(Sint.Sells));

    private static ReceiptService ServiceOf(PaymentHouse house) => house.Services.GetRequiredService<ReceiptService>();

    private static IReceiptStore StoreOf(PaymentHouse house) => house.Services.GetRequiredService<IReceiptStore>();

    private static async Task LookAsync(PaymentHouse house, Payment payment)
    {
        house.Clock.Advance(PaymentSettler.GrantedInterval);
        await house.SettleAsync(payment);
        await ServiceOf(house).IssueAsync(payment.Id, Token);
    }

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        return (await house.SettleAsync(payment))!;
    }
}
