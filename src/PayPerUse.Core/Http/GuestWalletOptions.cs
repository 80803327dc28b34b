using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>How guests keep their credits.</summary>
public sealed class GuestWalletOptions
{
    /// <summary>The name of the wallet's cookie; over https <c>__Host-</c> goes before it.</summary>
    /// <value><c>payperuse.guest</c></value>
    public string CookieName { get; set; } = "payperuse.guest";

    /// <summary>How long a browser keeps the wallet after it was made or asked for again. Browsers keep none longer than 400 days.</summary>
    /// <value>400 days; at least 1 hour.</value>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(400);

    /// <summary>What a guest's account holds; the same as the accounts of those who sign in, or they cannot be merged.</summary>
    /// <value><see cref="AccountId.DefaultType"/></value>
    public string AccountType { get; set; } = AccountId.DefaultType;
}
