using System.Collections.Concurrent;
using System.Collections.Immutable;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>A provider in memory that does what a test tells it, and counts what it was asked.</summary>
public sealed partial class ScriptedProvider(string id, TimeProvider clock)
    : IPaymentProvider,
        IRefundProvider,
        IReversalFeed,
        IProviderDiagnosis
{
    private readonly ConcurrentDictionary<string, ProviderPayment> _byReference = new();
    private int _starts;
    private int _gets;
    private int _cancels;

    public string Id { get; } = id;

    public string DisplayName => "Scripted " + Id;

    public PaymentMode Mode { get; set; } = PaymentMode.Test;

    public TimeSpan CheckoutTime { get; set; } = TimeSpan.FromMinutes(20);

    public bool CanRepeatStart { get; set; }

    /// <summary>Whether the clock ends payments, rather than the test.</summary>
    public bool ExpiresByClock { get; set; }

    /// <summary>Runs before a start takes effect; may throw or wait.</summary>
    public Func<Payment, CancellationToken, Task>? BeforeStart { get; set; }

    /// <summary>Runs after a start took effect and before its answer arrives; may throw or wait.</summary>
    public Func<Payment, CancellationToken, Task>? AfterStart { get; set; }

    /// <summary>Runs before each question; may throw or wait.</summary>
    public Func<Payment, Task>? BeforeGet { get; set; }

    /// <summary>Changes what is answered.</summary>
    public Func<ProviderPayment, ProviderPayment> Distort { get; set; } = p => p;

    /// <summary>What it finds when it is asked how it is; may throw.</summary>
    public Func<ImmutableArray<DoctorFinding>> Diagnose { get; set; } = () => [];

    public int Starts => _starts;

    public int Gets => _gets;

    public int Cancels => _cancels;

    public string? RefusePack(CreditPack pack) =>
        pack.Price.Amount < 10 ? "the minimum is 0.10 EUR; raise the price." : null;

    public async Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starts);
        if (BeforeStart is { } before)
        {
            await before(payment, cancellationToken);
        }

        var made = _byReference.GetOrAdd(
            payment.Id,
            _ => new ProviderPayment
            {
                ProviderPaymentId = "prov-" + payment.Id,
                Status = ProviderPaymentStatus.Pending,
                Amount = payment.Price,
                Reference = payment.Id,
                Mode = Mode,
                CheckoutUrl = new Uri("https://pay.example/" + payment.Id),
                ExpiresAt = payment.ExpiresAt,
                ChargeId = "charge-" + payment.Id,
            }
        );
        if (AfterStart is { } after)
        {
            await after(payment, cancellationToken);
        }

        return Distort(made);
    }

    public async Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _gets);
        if (BeforeGet is { } before)
        {
            await before(payment);
        }

        if (ExpiresByClock)
        {
            Expire();
        }

        return _byReference.TryGetValue(payment.Id, out var found) ? Distort(WithReversals(found)) : null;
    }

    public Task<ImmutableArray<DoctorFinding>> DiagnoseAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Diagnose());

    public Task CancelAsync(Payment payment, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _cancels);
        if (_byReference.TryGetValue(payment.Id, out var found) && found.Status == ProviderPaymentStatus.Pending)
        {
            Set(payment.Id, ProviderPaymentStatus.Canceled);
        }

        return Task.CompletedTask;
    }

    /// <summary>Another amount than ours is at the provider.</summary>
    public void SetAmount(string paymentId, long cents) =>
        _byReference[paymentId] = _byReference[paymentId] with { Amount = Of(cents) };

    /// <summary>What the customer, their bank or the clock does at the provider.</summary>
    public void Set(string paymentId, ProviderPaymentStatus status) =>
        _byReference[paymentId] = _byReference[paymentId] with
        {
            Status = status,
            PaidAt = status == ProviderPaymentStatus.Paid ? clock.GetUtcNow() : null,
        };
}
