using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;

namespace PayPerUse.Testing.Payments;

/// <summary>How the provider's API behaves.</summary>
public enum ApiFault
{
    /// <summary>As it should.</summary>
    None,

    /// <summary>Every call fails before it has an effect.</summary>
    BeforeEffect,

    /// <summary>Every call takes effect, and its answer is lost.</summary>
    AfterEffect,
}

/// <summary>
/// Everything beyond our host: a provider's API on this machine (a fake, a simulator), the customer's bank and the seller's portal.
/// Payments are found by our reference, since our host may not know the provider's id yet. Implement it once for each provider.
/// </summary>
public abstract class ProviderWorld(FakeTimeProvider clock) : IAsyncDisposable
{
    public FakeTimeProvider Clock { get; } = clock;

    public abstract string ProviderId { get; }

    /// <summary>Whether <see cref="IRefundProvider"/> works here.</summary>
    public virtual bool CanRefund => false;

    /// <summary>Whether refunds can be made in the portal, and are told or listed.</summary>
    public virtual bool CanRefundInPortal => false;

    /// <summary>Whether banks can dispute.</summary>
    public virtual bool CanDispute => false;

    /// <summary>
    /// Whether a portal refund can fail afterwards, with <see cref="FailRefundsAsync"/>.
    /// </summary>
    public virtual bool CanFailRefunds => false;

    /// <summary>Adds the provider and its webhook to a host, pointed at this world.</summary>
    public abstract void AddTo(IPayPerUseBuilder builder);

    /// <summary>The customer pays. False when that is not possible (any more).</summary>
    public abstract Task<bool> PayAsync(Payment payment);

    /// <summary>The customer's bank declines. False when that is not possible (any more).</summary>
    public abstract Task<bool> DeclineAsync(Payment payment);

    /// <summary>The seller refunds in the portal, at most what is left. False when that is not possible.</summary>
    public virtual Task<bool> RefundInPortalAsync(Payment payment, long cents) => Task.FromResult(false);

    /// <summary>Every refund of a payment fails after all; the money is back with the seller.</summary>
    public virtual Task<bool> FailRefundsAsync(Payment payment) => Task.FromResult(false);

    /// <summary>The bank withdraws this much of the payment in all; 0 gives it back. False when that is not possible.</summary>
    public virtual Task<bool> DisputeAsync(Payment payment, long withdrawn) => Task.FromResult(false);

    /// <summary>A signed message about the payment as it stands now; null when the provider would send none.</summary>
    public abstract Task<WebhookMessage?> MessageAsync(Payment payment);

    /// <summary>How the API behaves from now on.</summary>
    public abstract void Break(ApiFault fault);

    /// <summary>The money of a payment that is at the provider, in minor units; null when it was never paid.</summary>
    public abstract long? KeptOf(Payment payment);

    /// <summary>Waits for work of ours that may itself wait for the clock (retries, another request's start).</summary>
    public async Task PassWhileAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            // First a real moment, for work that only waits for the machine.
            if (await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(100))) != work)
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }

        await work;
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
