using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Accounts;
using PayPerUse.Core.Tests.Payments;
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

        var left = await DeleteAsync(house);

        Assert.Empty(left);
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

        var left = await DeleteAsync(house);

        Assert.Equal(open.Id, Assert.Single(left).Id);
        Assert.Empty(_deleted);
        house.First.BeforeGet = null;
        Assert.Empty(await DeleteAsync(house));
        Assert.Equal(2, _deleted.Count);
    }

    [Fact]
    public async Task What_turns_out_to_be_paid_is_told_once()
    {
        await using var house = House();
        var paid = await house.OrderedAsync();
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);

        var left = await DeleteAsync(house);

        Assert.Equal(PaymentStatus.Paid, Assert.Single(left).Status);
        Assert.Empty(_deleted);
        Assert.Empty(await DeleteAsync(house));
        Assert.Equal(2, _deleted.Count);
        Assert.Equal(5, await house.BalanceAsync());
    }

    private PaymentHouse House() =>
        new(build: b =>
        {
            b.Services.AddScoped<IAccountData>(_ => new Letters("profile", _deleted));
            b.Services.AddScoped<IAccountData>(_ => new Letters("letters", _deleted));
        });

    private static async Task<IReadOnlyCollection<Payment>> DeleteAsync(PaymentHouse house) =>
        await house.Services.GetRequiredService<AccountDeletion>().DeleteAsync(PaymentHouse.Anna, Token);
}
