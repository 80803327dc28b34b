using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Http.Return;

/// <summary>
/// Who comes back from the bank is often ahead of its message. A request waits a moment for that, so that the first thing its page
/// says is mostly the last.
/// </summary>
internal sealed class ReturnWait(
    PaymentSettler settler,
    IOptions<PayPerUseHttpOptions> options,
    IHostApplicationLifetime host,
    TimeProvider clock
) : IDisposable
{
    /// <summary>How many wait at once on this host; beyond these a request is answered as things stand.</summary>
    public const int MaxWaiting = 100;

    // A change by this host is heard of at once; this is for changes by others, and when the provider is asked is up to the settler.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _places = new(MaxWaiting);

    public int Waiting => MaxWaiting - _places.CurrentCount;

    /// <summary>Settles a payment until it is final, or the time is over.</summary>
    /// <param name="payment">The payment as it was just read.</param>
    /// <param name="mayWait">Whether to wait, rather than look once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The payment as it stands then.</returns>
    /// <exception cref="PayPerUseException">The provider or a store did not answer.</exception>
    public async Task<Payment> SettleAsync(Payment payment, bool mayWait, CancellationToken cancellationToken)
    {
        payment = await LookAsync(payment, cancellationToken).ConfigureAwait(false);
        mayWait = mayWait && payment.IsOpen && options.Value.ReturnWait > TimeSpan.Zero;
        if (!mayWait || !_places.Wait(0, CancellationToken.None))
        {
            return payment;
        }

        try
        {
            return await WatchAsync(payment, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<Payment> WatchAsync(Payment payment, CancellationToken cancellationToken)
    {
        var id = payment.Id;
        var end = clock.GetUtcNow() + options.Value.ReturnWait;
        var final = new TaskCompletionSource<Payment>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        settler.Changed += OnChanged;
        try
        {
            while (payment.IsOpen && !ended.IsCancellationRequested && end - clock.GetUtcNow() is { Ticks: > 0 } left)
            {
                var pause = Task.Delay(left < LookInterval ? left : LookInterval, clock, ended.Token);
                await Task.WhenAny(final.Task, pause).ConfigureAwait(false);
                payment = final.Task.IsCompleted
                    ? await final.Task.ConfigureAwait(false)
                    : await LookAsync(payment, cancellationToken).ConfigureAwait(false);
            }

            return payment;
        }
        finally
        {
            settler.Changed -= OnChanged;
            await ended.CancelAsync().ConfigureAwait(false);
        }

        void OnChanged(object? sender, PaymentChangedEventArgs change)
        {
            if (change.Payment.Id == id && !change.Payment.IsOpen)
            {
                final.TrySetResult(change.Payment);
            }
        }
    }

    private async Task<Payment> LookAsync(Payment payment, CancellationToken cancellationToken) =>
        await settler.SettleAsync(payment.Id, PaymentTrigger.Return, cancellationToken).ConfigureAwait(false)
        ?? payment;
}
