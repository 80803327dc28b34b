using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NSubstitute;
using PayPerUse.Payments;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Core.Tests.Payments;

/// <summary>What stops a host at start, or is told then.</summary>
public sealed class PaymentProvidersTests
{
    [Theory]
    [InlineData("Development", PaymentMode.Live, false, false)]
    [InlineData("Development", PaymentMode.Live, true, true)]
    [InlineData("Development", PaymentMode.Test, false, true)]
    [InlineData("Production", PaymentMode.Live, false, true)]
    public void Real_money_in_Development_must_be_allowed_by_name(
        string environment,
        PaymentMode mode,
        bool isAllowed,
        bool starts
    )
    {
        var options = new PayPerUseOptions { AllowLiveMoneyInDevelopment = isAllowed };
        var host = Substitute.For<IHostEnvironment>();
        host.EnvironmentName.Returns(environment);
        var provider = new ScriptedProvider("first", TimeProvider.System) { Mode = mode };
        var error = Record.Exception(() => new PaymentProviders([provider], Options.Create(options), host));
        Assert.Equal(starts, error is null);
        if (!starts)
        {
            var failure = Assert.Single(Assert.IsType<OptionsValidationException>(error).Failures);
            Assert.Contains("first", failure, StringComparison.Ordinal);
            Assert.Contains("PayPerUse:AllowLiveMoneyInDevelopment", failure, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1.00, 26)]
    [InlineData(5.00, null)]
    public void A_pack_that_loses_more_than_15_percent_to_the_fee_is_warned_of(double euros, int? percent)
    {
        var options = new PayPerUseOptions();
        options.Packs.Add(new CreditPack("five", 5, Money.Euro((decimal)euros)));
        var log = new LogLines<PaymentProviders>();
        _ = new PaymentProviders([new Costly()], Options.Create(options), null, log);
        Assert.Equal(percent is null ? 0 : 1, log.Count);
        Assert.All(log, line => Assert.Contains($"loses {percent} %", line, StringComparison.Ordinal));
    }

    /// <summary>1.5 % and €0.25, rounded up to the cent.</summary>
    private sealed class Costly : IPaymentProvider, IProviderFee
    {
        public string Id => "costly";

        public string DisplayName => "Costly";

        public PaymentMode Mode => PaymentMode.Test;

        public TimeSpan CheckoutTime => TimeSpan.FromMinutes(20);

        public bool CanRepeatStart => true;

        public Money? FeeOf(Money price) => new(25 + (long)(price.Amount * 0.015), price.Currency);

        public string? RefusePack(CreditPack pack) => null;

        public Task<ProviderPayment> StartCheckoutAsync(Payment payment, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ProviderPayment?> GetPaymentAsync(Payment payment, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CancelAsync(Payment payment, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
