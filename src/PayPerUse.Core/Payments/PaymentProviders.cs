using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PayPerUse.Diagnostics;

namespace PayPerUse.Payments;

/// <summary>The providers of this app, in the order in which they were added. The first one is the default.</summary>
public sealed class PaymentProviders
{
    private const decimal MaxFeeShare = 0.15m;

    private readonly Dictionary<string, IPaymentProvider> _byId = new(StringComparer.Ordinal);

    /// <summary>Collects the providers.</summary>
    /// <param name="providers">All of them.</param>
    /// <param name="options">The packs, each of which every provider must be able to sell.</param>
    /// <param name="environment">Where the app runs; real money is refused in Development.</param>
    /// <param name="logger">Where it warns of packs that lose much to a fee.</param>
    /// <exception cref="OptionsValidationException">
    /// Two have the same id, one refuses a pack, or one is of real money in Development.
    /// </exception>
    public PaymentProviders(
        IEnumerable<IPaymentProvider> providers,
        IOptions<PayPerUseOptions> options,
        IHostEnvironment? environment = null,
        ILogger<PaymentProviders>? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(providers);
        ArgumentNullException.ThrowIfNull(options);
        All = [.. providers];
        var errors = new List<string>();
        foreach (var provider in All)
        {
            if (!_byId.TryAdd(provider.Id, provider))
            {
                errors.Add($"PayPerUse: two payment providers have the id '{provider.Id}'; add each once.");
            }

            errors.AddRange(
                options
                    .Value.Packs.Select(p => (Pack: p, Error: provider.RefusePack(p)))
                    .Where(p => p.Error is not null)
                    .Select(p => $"PayPerUse: pack '{p.Pack.Id}' cannot be sold with {provider.Id}: {p.Error}")
            );
        }

        if (environment?.IsDevelopment() == true && !options.Value.AllowLiveMoneyInDevelopment)
        {
            errors.AddRange(
                All.Where(p => p.Mode == PaymentMode.Live)
                    .Select(p =>
                        $"PayPerUse: {p.Id} has keys or hosts of real money in Development; use its test ones, or set AllowLiveMoneyInDevelopment (PayPerUse:AllowLiveMoneyInDevelopment) to true."
                    )
            );
        }

        if (errors.Count > 0)
        {
            throw new OptionsValidationException(nameof(PayPerUseOptions), typeof(PayPerUseOptions), errors);
        }

        WarnOfFees(options.Value.Packs, logger ?? NullLogger<PaymentProviders>.Instance);
    }

    /// <summary>All providers.</summary>
    public IReadOnlyList<IPaymentProvider> All { get; }

    /// <summary>Finds a provider.</summary>
    /// <param name="id">Its id; null finds the default one.</param>
    /// <returns>null when there is none of that id, or none at all.</returns>
    public IPaymentProvider? Find(string? id) =>
        id is null
            ? All.Count > 0
                ? All[0]
                : null
            : _byId.GetValueOrDefault(id);

    /// <summary>The provider of a payment.</summary>
    /// <param name="payment">The payment.</param>
    /// <exception cref="PaymentProviderException">
    /// The app no longer has it, or has it with keys of the other mode: those know nothing of this payment.
    /// </exception>
    public IPaymentProvider Of(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return FindFor(payment)
            ?? throw new PaymentProviderException(
                payment.Provider,
                PaymentProviderFailure.Unavailable,
                _byId.ContainsKey(payment.Provider)
                    ? $"Payment {payment.Id} is of the {payment.Mode} mode, and this app has '{payment.Provider}' in the other one. Only with keys of its own mode can it be settled."
                    : $"Payment {payment.Id} was made with '{payment.Provider}', which this app no longer has. Add it again to settle it."
            );
    }

    /// <summary>The provider of a payment, in its mode; null when the app does not have that now.</summary>
    internal IPaymentProvider? FindFor(Payment payment) =>
        _byId.TryGetValue(payment.Provider, out var provider) && provider.Mode == payment.Mode ? provider : null;

    private void WarnOfFees(IEnumerable<CreditPack> packs, ILogger logger)
    {
        foreach (var pack in packs)
        {
            foreach (var provider in All)
            {
                var fee = (provider as IProviderFee)?.FeeOf(pack.Price);
                if (fee?.Currency == pack.Price.Currency && fee.Amount > pack.Price.Amount * MaxFeeShare)
                {
                    PaymentLog.FeeIsHigh(
                        logger,
                        pack.Id,
                        provider.Id,
                        fee,
                        pack.Price,
                        (int)Math.Round(100m * fee.Amount / pack.Price.Amount)
                    );
                }
            }
        }
    }
}
