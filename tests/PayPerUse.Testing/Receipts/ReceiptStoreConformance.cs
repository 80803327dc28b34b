using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Receipts;
using Xunit;

namespace PayPerUse.Testing.Receipts;

/// <summary>What every <see cref="IReceiptStore"/> must do. Stores may share one database: each test uses a series of its own.</summary>
public abstract class ReceiptStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, 123, TimeSpan.Zero);

    private readonly string _series = "T" + Guid.NewGuid().ToString("N")[..20];
    private IReceiptStore? _store;

    protected IReceiptStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a store. Whatever it needs to be disposed is the deriving class's to dispose.</summary>
    protected abstract Task<IReceiptStore> CreateStoreAsync();

    /// <summary>Makes what another host would: a second store on the first one's data. The same store where hosts cannot share.</summary>
    protected virtual Task<IReceiptStore> CreateSecondStoreAsync() => Task.FromResult(Store);

    public virtual async ValueTask InitializeAsync() => _store = await CreateStoreAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_issued_is_found_as_it_was()
    {
        var receipt = New() with
        {
            VatRate = 21.5m,
            Vat = 18,
            Seller = new SellerDetails("Sint", "Straat 1\n2000 Antwerpen", "sint@example.com", "0123.456.749", null)
            {
                IsSmallBusiness = true,
                SmallBusinessMention = "vrijgesteld",
            },
        };

        var issued = await Store.TryIssueAsync(receipt, Token);

        Assert.Equal(receipt with { Sequence = 1 }, issued);
        Assert.Equal([issued!], await Store.FindAsync([receipt.PaymentId], Token));
    }

    [Fact]
    public async Task Numbers_follow_each_other_in_each_series()
    {
        var other = _series + "-b";

        Assert.Equal(1, (await Store.TryIssueAsync(New(), Token))!.Sequence);
        Assert.Equal(2, (await Store.TryIssueAsync(New(), Token))!.Sequence);
        Assert.Equal(1, (await Store.TryIssueAsync(New() with { Series = other }, Token))!.Sequence);
        Assert.Equal(3, (await Store.TryIssueAsync(New(), Token))!.Sequence);
    }

    [Fact]
    public async Task A_position_is_issued_once_and_takes_no_number_again()
    {
        var receipt = New();
        var first = await Store.TryIssueAsync(receipt, Token);

        Assert.Null(await Store.TryIssueAsync(receipt with { Series = _series + "-next-year" }, Token));
        Assert.Null(await Store.TryIssueAsync(receipt with { Amount = Money.Euro(2m) }, Token));

        Assert.Equal([first!], await Store.FindAsync([receipt.PaymentId], Token));
        Assert.Equal(2, (await Store.TryIssueAsync(New(), Token))!.Sequence);
    }

    [Fact]
    public async Task Receipts_of_several_payments_are_found_in_order_of_their_positions()
    {
        var (one, two, other) = (New(), New(), New());
        await Store.TryIssueAsync(two, Token);
        await Store.TryIssueAsync(one with { Position = 2, Kind = ReceiptKind.CreditNote }, Token);
        await Store.TryIssueAsync(one, Token);
        await Store.TryIssueAsync(other, Token);

        var found = await Store.FindAsync([one.PaymentId, two.PaymentId], Token);

        Assert.Equal([1, 2], found.Where(r => r.PaymentId == one.PaymentId).Select(r => r.Position));
        Assert.Equal([1], found.Where(r => r.PaymentId == two.PaymentId).Select(r => r.Position));
        Assert.Equal(3, found.Length);
        Assert.Empty(await Store.FindAsync([], Token));
    }

    [Fact]
    public async Task Hosts_that_race_leave_no_gap_and_give_no_number_twice()
    {
        const int count = 40;
        var stores = new[] { Store, await CreateSecondStoreAsync() };
        var receipts = Enumerable.Range(0, count).Select(_ => New()).ToArray();
        var shot = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Each receipt is wanted twice, once on each host: one of the two gets it.
        var tasks = receipts
            .SelectMany(r => stores.Select(s => (Receipt: r, Store: s)))
            .Select(async wanted =>
            {
                await shot.Task;
                return await wanted.Store.TryIssueAsync(wanted.Receipt, Token);
            })
            .ToArray();
        shot.SetResult();
        var issued = (await Task.WhenAll(tasks)).OfType<Receipt>().ToArray();

        Assert.Equal(Enumerable.Range(1, count).Select(i => (long)i), issued.Select(r => r.Sequence).Order());
        Assert.Equal(count, issued.Select(r => r.PaymentId).Distinct().Count());
    }

    private Receipt New() =>
        new()
        {
            Series = _series,
            PaymentId = Guid.NewGuid().ToString("N"),
            Position = 1,
            Account = new AccountId("anna"),
            Kind = ReceiptKind.Receipt,
            Description = "5 credits",
            Credits = 5,
            Amount = Money.Euro(1m),
            VatRate = 21m,
            Vat = 17,
            Seller = new SellerDetails("Sint", "Straat 1", "sint@example.com", "0123.456.749", "BE0123456749"),
            IssuedAt = Now,
        };
}
