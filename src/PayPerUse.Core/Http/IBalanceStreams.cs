using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>The live balance streams (<c>GET /credits/events</c>) of this host.</summary>
/// <remarks>
/// Streams end by themselves when a cookie user signs out on this host, and, at the next heartbeat, when the request's cookie or
/// token would no longer be accepted. An app with another way of signing out calls <see cref="End"/>.
/// </remarks>
public interface IBalanceStreams
{
    /// <summary>Ends every stream of an account on this host. Browsers that are still signed in connect again by themselves.</summary>
    /// <param name="account">Whose streams.</param>
    void End(AccountId account);
}
