using Microsoft.Extensions.Options;

namespace PayPerUse.Payments;

/// <summary>The providers of this app, in the order in which they were added. The first one is the default.</summary>
public sealed class PaymentProviders
{
    private readonly Dictionary<string, IPaymentProvider> _byId = new(StringComparer.Ordinal);

    /// <summary>Collects the providers.</summary>
    /// <param name="providers">All of them.</param>
    /// <param name="options">The packs, each of which every provider must be able to sell.</param>
    /// <exception cref="OptionsValidationException">Two have the same id, or one refuses a pack.</exception>
    public PaymentProviders(IEnumerable<IPaymentProvider> providers, IOptions<PayPerUseOptions> options)
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

        if (errors.Count > 0)
        {
            throw new OptionsValidationException(nameof(PayPerUseOptions), typeof(PayPerUseOptions), errors);
        }
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
    /// <exception cref="PaymentProviderException">The app no longer has it.</exception>
    public IPaymentProvider Of(Payment payment)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return _byId.GetValueOrDefault(payment.Provider)
            ?? throw new PaymentProviderException(
                payment.Provider,
                PaymentProviderFailure.Unavailable,
                $"Payment {payment.Id} was made with '{payment.Provider}', which this app no longer has. Add it again to settle it."
            );
    }
}
