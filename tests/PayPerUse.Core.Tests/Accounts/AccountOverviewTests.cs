using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.Core.Tests.Http;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Core.Tests.Receipts;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Accounts;

public sealed class AccountOverviewTests
{
    private static CancellationToken Token => PaymentHouse.Token;

    [Theory]
    [InlineData("nl", "Teruggekregen", "A letter", "Betaald", "Gekregen", "nog niet betaald", "betaald")]
    [InlineData("fr-BE", "Rendu", "A letter", "Payé", "Reçu", "pas encore payé", "payé")]
    [InlineData("de", "Zurückbekommen", "A letter", "Bezahlt", "Erhalten", "noch nicht bezahlt", "bezahlt")]
    [InlineData("en", "Given back", "A letter", "Paid", "Received", "not paid yet", "paid")]
    [InlineData("xx", "Given back", "A letter", "Paid", "Received", "not paid yet", "paid")]
    public async Task It_tells_in_words_what_became_of_credits_and_payments(string language, params string[] words)
    {
        await using var house = House();
        await house.Ledger.GrantAsync(PaymentHouse.Anna, "gift", 2, "welcome", null, Token);
        await PaidAsync(house);
        var made = await ReserveAsync(house);
        await house.Ledger.CommitAsync(made, 1, Token);
        await house.Ledger.ReleaseAsync(await ReserveAsync(house), Token);
        await house.OrderedAsync("month");

        var overview = await ReadAsync(house, language);

        Assert.Equal(6, overview.Balance.Balance);
        Assert.Equal([words[0], words[1], words[1], words[2], words[3]], overview.History.Select(l => l.Text));
        Assert.Equal([1, -1, -1, 5, 2], overview.History.Select(l => l.Entry.Credits));
        Assert.Equal([words[4], words[5]], overview.Payments.Select(p => p.StatusText));
        Assert.Equal([false, true], overview.Payments.Select(p => p.HasReceipt));
    }

    [Fact]
    public void Every_kind_of_entry_and_every_status_has_words_in_every_language()
    {
        foreach (var language in new[] { "nl", "fr", "de", "en" })
        {
            var words = AccountWords.In(language);
            Assert.All(Enum.GetValues<PaymentStatus>(), status => Assert.NotEmpty(words.Of(status)));
            Assert.All(
                Enum.GetValues<CreditEntryKind>().Except([CreditEntryKind.Spend, CreditEntryKind.Reserve]),
                kind => Assert.NotEmpty(words.Of(EntryOf(kind, "x"))! + words.Of(EntryOf(kind, "payment:x"))!)
            );
            Assert.Null(words.Of(EntryOf(CreditEntryKind.Spend, "x")));
        }
    }

    [Fact]
    public async Task An_account_can_withdraw_while_the_time_of_a_payment_runs_whatever_is_left_of_it()
    {
        await using var house = House();
        Assert.False((await ReadAsync(house)).CanWithdraw);
        await PaidAsync(house);
        await house.Ledger.SpendAsync(PaymentHouse.Anna, "all", 5, "letter", Token);

        Assert.True((await ReadAsync(house)).CanWithdraw);
        house.Clock.Advance(TimeSpan.FromDays(20));
        Assert.False((await ReadAsync(house)).CanWithdraw);
    }

    [Fact]
    public async Task An_account_without_anything_is_empty()
    {
        await using var house = House();

        var overview = await ReadAsync(house);

        Assert.Equal(0, overview.Balance.Balance);
        Assert.Empty(overview.History);
        Assert.Empty(overview.Payments);
    }

    [Fact]
    public async Task A_page_can_do_without_when_a_store_does_not_answer()
    {
        await using var house = await HttpHouse.StartAsync();
        var overviews = house.Services.GetRequiredService<AccountOverviews>();

        Assert.NotNull(await overviews.TryReadAsync(PaymentHouse.Anna, "en", actionText: null, Token));
        house.Store.BeforeRead = () => throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied);
        Assert.Null(await overviews.TryReadAsync(PaymentHouse.Anna, "en", actionText: null, Token));
    }

    private static CreditEntry EntryOf(CreditEntryKind kind, string id) =>
        new()
        {
            Sequence = 1,
            OperationId = id,
            Attempt = Guid.Empty,
            Kind = kind,
            Action = "letter",
            Credits = 1,
            Balance = 1,
            Grants = [],
            At = DateTimeOffset.UnixEpoch,
        };

    private static PaymentHouse House() => new(o => o.Withdrawal.Days = 14, build: b => b.AddSeller(Sint.Sells));

    private static Task<AccountOverview> ReadAsync(PaymentHouse house, string language = "en") =>
        house
            .Services.GetRequiredService<AccountOverviews>()
            .ReadAsync(PaymentHouse.Anna, language, action => "A " + action, Token);

    private static async Task<ReservationId> ReserveAsync(PaymentHouse house)
    {
        var reserved = await house.Ledger.ReserveAsync(
            PaymentHouse.Anna,
            "test:" + Guid.NewGuid(),
            1,
            "letter",
            cancellationToken: Token
        );
        return reserved.Reservation!.ToId(PaymentHouse.Anna);
    }

    private static async Task PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(payment);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
    }
}
