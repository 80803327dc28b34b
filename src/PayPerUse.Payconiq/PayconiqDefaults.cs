namespace PayPerUse.Payconiq;

/// <summary>Names and addresses that hold unless the options say otherwise.</summary>
public static class PayconiqDefaults
{
    /// <summary>The provider's id, in addresses and rows.</summary>
    public const string ProviderId = "payconiq";

    /// <summary>What people who pay see: the Payconiq brand is gone from the app.</summary>
    public const string DisplayName = "Bancontact Pay / Wero";

    /// <summary>The API of production, merchant payments API v3, specification 3.6.5.</summary>
    public const string ApiBase = "https://merchant.api.bancontact.net";

    /// <summary>The keys of production, at the root path.</summary>
    public const string JwksUri = "https://jwks.bancontact.net/";

    /// <summary>The API of the test environment, where no money moves.</summary>
    public const string PreprodApiBase = "https://merchant.api.preprod.bancontact.net";

    /// <summary>The keys of the test environment.</summary>
    public const string PreprodJwksUri = "https://jwks.preprod.bancontact.net/";

    /// <summary>The header that carries a callback's detached JWS.</summary>
    public const string SignatureHeader = "signature";
}
