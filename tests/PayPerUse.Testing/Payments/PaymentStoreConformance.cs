using PayPerUse.Credits;
using PayPerUse.Notices;
using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>
/// What every <see cref="IPaymentStore"/> must do. Derive once per store; xunit makes a new instance, and so a new store, for each
/// test. Stores may share one database: each test uses accounts of its own.
/// </summary>
public abstract partial class PaymentStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, 123, TimeSpan.Zero);

    private IPaymentStore? _store;

    protected IPaymentStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a store. Whatever it needs to be disposed is the deriving class's to dispose.</summary>
    protected abstract Task<IPaymentStore> CreateStoreAsync();

    /// <summary>The cursors that belong to a store.</summary>
    protected virtual IReversalCursors CursorsOf(IPaymentStore store) => (IReversalCursors)store;

    /// <summary>The notices that belong to a store.</summary>
    protected virtual IPaymentOutbox OutboxOf(IPaymentStore store) => (IPaymentOutbox)store;

    /// <summary>Makes what another host would: a second store on the first one's data. The same store where hosts cannot share.</summary>
    protected virtual Task<IPaymentStore> CreateSecondStoreAsync(IPaymentStore first) => Task.FromResult(first);

    public virtual async ValueTask InitializeAsync() => _store = await CreateStoreAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static AccountId NewAccount() => new("test-" + Guid.NewGuid().ToString("N"));

    /// <summary>An order as checkout makes it: open, nothing known of the provider yet.</summary>
    private static Payment NewPayment(AccountId? account = null)
    {
        var owner = account ?? NewAccount();
        return new Payment
        {
            Id = Guid.NewGuid().ToString("N"),
            Account = owner,
            Pack = "five",
            Credits = 5,
            Price = Money.Euro(1m),
            Provider = "payconiq",
            Mode = PaymentMode.Test,
            Description = "5 generations",
            CallbackUrl = new Uri("https://sint.example/payments/webhook/payconiq"),
            ReturnPageUrl = new Uri("https://sint.example/payments/x/return"),
            CreatedAt = Now,
            ExpiresAt = Now + TimeSpan.FromMinutes(20),
            OpenKey = Payment.OpenKeyOf(owner, "five", "payconiq", PaymentMode.Test),
            NextCheckAt = Now + TimeSpan.FromSeconds(20),
        };
    }

    private static PaymentEvent EventOf(Payment payment, PaymentStatus? from = null, string? detail = null) =>
        new(payment.Id, from, payment.Status, PaymentTrigger.Checkout, detail, Now);

    private Task<Payment?> TryAddAsync(Payment payment, IPaymentStore? store = null) =>
        (store ?? Store).TryAddAsync(payment, EventOf(payment), Token);

    private async Task<Payment> MustAddAsync(Payment payment) => Assert.IsType<Payment>(await TryAddAsync(payment));

    private async Task<Payment> MustUpdateAsync(Payment payment, PaymentEvent? change = null) =>
        Assert.IsType<Payment>(await Store.TryUpdateAsync(payment, change, Token));

    private static async Task<Payment?[]> RaceAsync(int callers, Func<int, Task<Payment?>> call)
    {
        var shot = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = Enumerable
            .Range(0, callers)
            .Select(async i =>
            {
                await shot.Task;
                return await call(i);
            })
            .ToArray();
        shot.SetResult();
        return await Task.WhenAll(tasks);
    }
}
