using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.Answers;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Accounts;

public sealed class AccountDeletionTests
{
    private readonly List<string> _deleted = [];

    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task What_can_be_paid_is_called_off_and_what_was_registered_last_goes_first()
    {
        await using var house = House();
        var open = await house.OrderedAsync();

        Assert.True((await DeleteAsync(house)).IsDeleted);

        Assert.Equal(PaymentStatus.Canceled, (await house.Store.FindAsync(open.Id, Token))!.Status);
        Assert.Equal(["letters of anna", "profile of anna"], _deleted);
    }

    [Fact]
    public async Task Nothing_is_deleted_while_a_provider_does_not_answer()
    {
        await using var house = House();
        var open = await house.OrderedAsync();
        house.First.BeforeGet = _ =>
            throw new PaymentProviderException("first", PaymentProviderFailure.Unavailable, "down");

        var refused = await DeleteAsync(house);

        Assert.Equal(AccountDeletionStatus.PaymentsUnderWay, refused.Status);
        Assert.Equal(open.Id, Assert.Single(refused.Payments).Id);
        Assert.Empty(_deleted);
        house.First.BeforeGet = null;
        Assert.True((await DeleteAsync(house)).IsDeleted);
        Assert.Equal(2, _deleted.Count);
    }

    [Fact]
    public async Task What_turns_out_to_be_paid_is_told_once()
    {
        await using var house = House();
        var paid = await house.OrderedAsync();
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);

        var refused = await DeleteAsync(house);

        Assert.Equal(PaymentStatus.Paid, Assert.Single(refused.Payments).Status);
        Assert.Empty(_deleted);
        Assert.True((await DeleteAsync(house)).IsDeleted);
        Assert.Equal(2, _deleted.Count);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task Nothing_is_deleted_while_something_is_made_that_would_be_kept_afterwards()
    {
        await using var house = House();
        await house.Ledger.GrantAsync(PaymentHouse.Anna, "gift", 1, "welcome", null, Token);
        var made = await house.Ledger.ReserveAsync(PaymentHouse.Anna, "test:1", 1, "letter", null, Token);

        Assert.Equal(AccountDeletionStatus.WorkUnderWay, (await DeleteAsync(house)).Status);
        Assert.Empty(_deleted);

        await house.Ledger.CommitAsync(made.Reservation!.ToId(PaymentHouse.Anna), null, Token);
        Assert.True((await DeleteAsync(house)).IsDeleted);
        Assert.Equal(2, _deleted.Count);
    }

    [Fact]
    public async Task Answers_that_were_kept_go_too_and_what_is_left_under_accounts_that_were_merged()
    {
        await using var house = House();
        var (guest, eve) = (new AccountId("guest"), new AccountId("eve"));
        await house.Ledger.MergeAsync(guest, PaymentHouse.Anna, Token);
        var answers = house.Services.GetRequiredService<IAnswerStore>();
        ReservationId[] kept =
        [
            .. new[] { PaymentHouse.Anna, guest, eve }.Select(a => new ReservationId(a, "http:1", Guid.NewGuid())),
        ];
        foreach (var reservation in kept)
        {
            var answer = new KeptAnswer(reservation, house.Clock.GetUtcNow() + TimeSpan.FromDays(1), new byte[1]);
            await answers.SaveAsync(answer, Token);
        }

        Assert.True((await DeleteAsync(house)).IsDeleted);

        Assert.Null(await answers.FindAsync(kept[0], Token));
        Assert.Null(await answers.FindAsync(kept[1], Token));
        Assert.NotNull(await answers.FindAsync(kept[2], Token));
        Assert.Equal(["letters of anna", "letters of guest", "profile of anna", "profile of guest"], _deleted);
    }

    private PaymentHouse House() =>
        new(build: b =>
        {
            b.Services.AddScoped<IAccountData>(_ => new Letters("profile", _deleted));
            b.Services.AddScoped<IAccountData>(_ => new Letters("letters", _deleted));
        });

    private static Task<AccountDeletionResult> DeleteAsync(PaymentHouse house) =>
        house.Services.GetRequiredService<AccountDeletion>().DeleteAsync(PaymentHouse.Anna, Token);
}
