using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PayPerUse.Payments;

namespace PayPerUse.Stripe.Wire;

/// <summary>A page of Stripe's event list, newest first.</summary>
/// <param name="Events">The events.</param>
/// <param name="LastId">The id of the last one; null when there are none.</param>
/// <param name="HasMore">Whether there are older ones.</param>
/// <param name="Date">When Stripe answered, by the clock that also dates the events; null when it did not say.</param>
internal sealed record EventPage(
    ImmutableArray<EventMessage> Events,
    string? LastId,
    bool HasMore,
    DateTimeOffset? Date
)
{
    public static string PathOf(DateTimeOffset from, string? after, int limit)
    {
        var path = new StringBuilder("/v1/events?limit=")
            .Append(limit)
            .Append("&created[gte]=")
            .Append(from.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < EventMessage.ReversalTypes.Length; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"&types[{i}]={EventMessage.ReversalTypes[i]}");
        }

        if (after is not null)
        {
            path.Append("&starting_after=").Append(Uri.EscapeDataString(after));
        }

        return path.ToString();
    }

    /// <exception cref="PaymentProviderException">It is no list.</exception>
    public static EventPage Read(JsonElement list, DateTimeOffset? date)
    {
        if (
            list.ValueKind != JsonValueKind.Object
            || !list.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Array
            || data.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.Object)
        )
        {
            throw new PaymentProviderException(
                StripeDefaults.ProviderId,
                PaymentProviderFailure.Unavailable,
                "Stripe's answer to the question for its events is no list."
            );
        }

        var events = data.EnumerateArray().Select(EventMessage.Read).ToImmutableArray();
        return new EventPage(
            events,
            events.IsEmpty ? null : events[^1].Id,
            !events.IsEmpty && list.TryGetProperty("has_more", out var more) && more.ValueKind == JsonValueKind.True,
            date
        );
    }
}
