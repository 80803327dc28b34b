using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>
/// Ids from HTTP live in a namespace of their own, so that no client can reach the ids that the system makes. Clients never see
/// the prefix: what they read can be sent again as an Idempotency-Key.
/// </summary>
internal static class OperationIds
{
    private const string Prefix = "http:";
    private const string Lapse = "lapse:";

    public static string FromKey(string key) => Prefix + key;

    /// <summary>An id for a request that brought no key. What the client reads of it, it may send afterwards.</summary>
    public static string Make() => $"{Prefix}{RandomIds.NewGuid():N}";

    public static string ToClient(string operationId)
    {
        if (operationId.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return operationId[Prefix.Length..];
        }

        return operationId.StartsWith(Lapse + Prefix, StringComparison.Ordinal)
            ? Lapse + operationId[(Lapse.Length + Prefix.Length)..]
            : operationId;
    }
}
