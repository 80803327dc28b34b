using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PayPerUse.Accounts;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Accounts;

/// <summary>A page of an account costs its stores the same few reads, however much was paid and however many guests came to it.</summary>
public sealed class AccountReadsTests
{
    private static readonly AccountId Bert = new("bert");

    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task An_overview_reads_no_more_for_many_payments_and_guests_than_for_few()
    {
        await using var house = new CountedHouse();
        var reads = house.Services.GetRequiredService<AccountOverviews>();

        var few = await house.CountAsync(() => reads.ReadAsync(Bert, "en", null, Token));
        await house.FillAsync(guests: 5);
        AccountOverview? overview = null;
        var many = await house.CountAsync(async () => overview = await reads.ReadAsync(Bert, "en", null, Token));

        Assert.Equal(25, overview!.Balance.Balance);
        Assert.Equal([100, 100, 100, 100, 100], overview.Payments.Select(p => p.Withdrawal!.Amount.Amount));
        Assert.True(many <= few + 1, $"{few} reads without anything, {many} with 5 payments of 5 guests.");
        Assert.True(many <= 6, $"{many} reads.");
    }

    [Fact]
    public async Task All_withdrawals_are_quoted_from_one_reading_of_the_balance()
    {
        await using var house = new CountedHouse();
        await house.FillAsync(guests: 5);
        var withdrawals = house.Services.GetRequiredService<AccountWithdrawals>();
        IReadOnlyList<WithdrawalQuote> quotes = [];

        var reads = await house.CountAsync(async () => quotes = await withdrawals.QuoteAsync(Bert, Token));

        Assert.Equal(5, quotes.Count);
        Assert.True(reads <= 5, $"{reads} reads.");
    }

    private sealed class CountedHouse : IAsyncDisposable
    {
        private readonly IStore _credits = DispatchProxy.Create<IStore, Counted>();
        private readonly IPaymentPages _pages = DispatchProxy.Create<IPaymentPages, Counted>();
        private readonly PaymentHouse _house;

        public CountedHouse()
        {
            _house = new PaymentHouse(
                o => o.Withdrawal.Days = 14,
                build: b =>
                {
                    b.Services.Replace(ServiceDescriptor.Singleton<ICreditStore>(_credits));
                    b.Services.Replace(ServiceDescriptor.Singleton(_pages));
                }
            );
            CallsOf(_credits).Inner = Services.GetRequiredService<InMemoryCreditStore>();
            CallsOf(_pages).Inner = Services.GetRequiredService<InMemoryPaymentStore>();
        }

        public IServiceProvider Services => _house.Services;

        public async Task<int> CountAsync(Func<Task> read)
        {
            CallsOf(_credits).Count = CallsOf(_pages).Count = 0;
            await read();
            return CallsOf(_credits).Count + CallsOf(_pages).Count;
        }

        /// <summary>Guests who each paid once, all of them Bert by now.</summary>
        public async Task FillAsync(int guests)
        {
            for (var i = 0; i < guests; i++)
            {
                var guest = new AccountId($"guest-{i}");
                var order = await _house.Checkout.CreateAsync(new CheckoutOrder(guest, "five"), Token);
                _house.First.Set(order.Payment!.Id, ProviderPaymentStatus.Paid);
                await _house.SettleAsync(order.Payment);
                Assert.True((await _house.Ledger.MergeAsync(guest, Bert, Token)).Succeeded);
            }
        }

        public ValueTask DisposeAsync() => _house.DisposeAsync();

        private static Counted CallsOf(object proxy) => (Counted)proxy;
    }

    public interface IStore : ICreditStore, ICreditMerger;

    public class Counted : DispatchProxy
    {
        public object Inner { get; set; } = null!;

        public int Count { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Count++;
            return targetMethod!.Invoke(Inner, args);
        }
    }
}
