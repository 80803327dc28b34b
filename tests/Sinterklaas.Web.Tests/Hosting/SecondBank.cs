using Microsoft.Extensions.DependencyInjection;
using PayPerUse;
using PayPerUse.Payments;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>Another provider to choose: the same simulated bank under a name of its own.</summary>
public sealed class SecondBank(IServiceProvider services) : IPaymentProvider
{
    public string Id => "second";

    public string DisplayName => "Second Bank";

    public PaymentMode Mode => First.Mode;

    public TimeSpan CheckoutTime => First.CheckoutTime;

    public bool CanRepeatStart => First.CanRepeatStart;

    private IPaymentProvider First => services.GetServices<IPaymentProvider>().First(p => p.Id != Id);

    public string? RefusePack(CreditPack pack) => First.RefusePack(pack);

    public Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken) =>
        First.StartCheckoutAsync(payment, cancellationToken);

    public Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken) =>
        First.GetPaymentAsync(payment, cancellationToken);

    public Task CancelAsync(Payment payment, CancellationToken cancellationToken) =>
        First.CancelAsync(payment, cancellationToken);
}
