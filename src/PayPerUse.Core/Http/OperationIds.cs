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
