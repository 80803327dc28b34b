namespace PayPerUse.Payments;

/// <summary>A provider that publishes what it takes of a payment. Implemented beside <see cref="IPaymentProvider"/>.</summary>
public interface IProviderFee
{
    /// <summary>The listed fee of a payment, without taxes; null when there is no list for its currency.</summary>
    /// <param name="price">What the customer pays.</param>
    Money? FeeOf(Money price);
}
