using System.Text.Json;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Wire;

/// <summary>Compares the account's webhook endpoints with what we need.</summary>
internal static class WebhookSettings
{
    /// <param name="list">Stripe's list of webhook endpoints.</param>
    /// <param name="address">Where we listen.</param>
    /// <param name="subject">What the finding is about.</param>
    public static DoctorFinding Judge(JsonElement list, string address, string subject)
    {
        var endpoints =
            list.ValueKind == JsonValueKind.Object
            && list.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Array
                ? data.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).ToArray()
                : [];
        var ours = endpoints.Where(e => Text(e, "url") == address).ToArray();
        if (ours.Length == 0)
        {
            return new(
                DoctorVerdict.Warning,
                subject,
                $"Stripe has no endpoint {address}; add it in the dashboard, or run 'stripe listen' while developing."
            );
        }

        var faults = ours.Select(FaultOf).ToArray();
        return faults.Contains(null)
            ? new(DoctorVerdict.Good, subject, $"{address} is enabled, with API version and events as needed.")
            : new(DoctorVerdict.Bad, subject, $"{address}: {faults[0]}");
    }

    private static string? FaultOf(JsonElement endpoint)
    {
        if (Text(endpoint, "status") is "disabled")
        {
            return "it is disabled; enable it in the Stripe dashboard.";
        }

        var version = Text(endpoint, "api_version");
        if (!StripeApiVersion.IsCompatible(version))
        {
            return $"its API version is {version ?? "the account's default"}; make it anew with {StripeApiVersion.Expected}.";
        }

        var events =
            endpoint.TryGetProperty("enabled_events", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Select(e => e.ToString()).ToHashSet(StringComparer.Ordinal)
                : [];
        var missing = EventMessage
            .SessionTypes.Concat(EventMessage.ReversalTypes)
            .Where(type => !events.Contains("*") && !events.Contains(type))
            .ToArray();
        return missing.Length == 0 ? null : $"add the event(s) {string.Join(", ", missing)} to it.";
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
