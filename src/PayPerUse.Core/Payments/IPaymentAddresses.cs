namespace PayPerUse.Payments;

/// <summary>Where providers and customers find this app. Made of configuration, never of a request's Host header.</summary>
public interface IPaymentAddresses
{
    /// <summary>Where a provider sends its messages.</summary>
    /// <param name="providerId">The provider's id.</param>
    /// <exception cref="PayPerUseException">The public address is not known.</exception>
    Uri Callback(string providerId);

    /// <summary>Where a provider sends the customer afterwards.</summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <exception cref="PayPerUseException">The public address is not known.</exception>
    Uri ReturnPage(string paymentId);
}
