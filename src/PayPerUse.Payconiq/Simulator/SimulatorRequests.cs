using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Reads and checks what is sent to the simulated API, with the API's own error codes.</summary>
internal static class SimulatorRequests
{
    /// <summary>Reads the order of a payment, or the error to answer.</summary>
    public static (SimulatedPayment? Draft, IResult? Error) ReadOrder(JsonElement body, bool isStrict)
    {
        if (!body.TryGetProperty("amount", out var amount) || amount.ValueKind == JsonValueKind.Null)
        {
            return (null, SimulatorErrors.Field("FIELD_IS_REQUIRED", "amount is required."));
        }

        if (amount.ValueKind != JsonValueKind.Number || !amount.TryGetInt64(out var cents) || cents is < 1 or > 999_999)
        {
            return (null, Invalid("amount must be a whole number of cents from 1 to 999999."));
        }

        if (!Text(body, "currency", 3, out var currency) || currency is not (null or "EUR"))
        {
            return (null, Invalid("currency must be EUR."));
        }

        if (!Text(body, "reference", 35, out var reference))
        {
            return (null, Invalid("reference must be text of at most 35 characters."));
        }

        if (!Text(body, "description", 140, out var description))
        {
            return (null, Invalid("description must be text of at most 140 characters."));
        }

        if (isStrict && !(IsSepa(reference) && IsSepa(description)))
        {
            return (null, Invalid("reference and description must keep to the SEPA character set."));
        }

        if (!Address(body, "callbackUrl", out var callbackUrl) || !Address(body, "returnUrl", out var returnUrl))
        {
            return (null, Invalid("callbackUrl and returnUrl must be http(s) addresses of at most 2048 characters."));
        }

        // All that there is in development is http to this machine.
        if (isStrict && !(IsPublic(callbackUrl) && IsPublic(returnUrl)))
        {
            return (null, Invalid("callbackUrl and returnUrl must be https addresses with a real domain name."));
        }

        return (
            new SimulatedPayment
            {
                Id = "",
                Amount = cents,
                Reference = reference,
                Description = description,
                CallbackUrl = callbackUrl,
                ReturnUrl = returnUrl,
                CreatedAt = default,
                ExpiresAt = default,
            },
            null
        );
    }

    /// <summary>Reads what is to be refunded; null when it cannot be read.</summary>
    public static (long Amount, string? Description)? ReadRefund(JsonElement body) =>
        body.TryGetProperty("amount", out var amount)
        && amount.ValueKind == JsonValueKind.Number
        && amount.TryGetInt64(out var cents)
        && cents >= 1
        && Text(body, "currency", 3, out var currency)
        && currency == "EUR"
        && Text(body, "description", 140, out var description)
            ? (cents, description)
            : null;

    /// <summary>Reads what a search is for: by default what was made since yesterday, whatever its status.</summary>
    public static (Func<SimulatedPayment, bool>? IsWanted, IResult? Error) ReadSearch(
        JsonElement body,
        DateTimeOffset now
    )
    {
        if (
            !Text(body, "from", 64, out var from)
            || !Text(body, "to", 64, out var to)
            || (from is not null && PayconiqTime.Read(from) is null)
            || (to is not null && PayconiqTime.Read(to) is null)
        )
        {
            return (null, Invalid("from and to must be instants in ISO 8601."));
        }

        if (!Text(body, "reference", 35, out var reference))
        {
            return (null, Invalid("reference must be text of at most 35 characters."));
        }

        var first = PayconiqTime.Read(from) ?? now.AddDays(-1);
        var last = PayconiqTime.Read(to) ?? DateTimeOffset.MaxValue;
        string[] statuses =
            body.TryGetProperty("paymentStatuses", out var list) && list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Select(s => s.ToString())]
                : [];
        return (
            p =>
                p.CreatedAt >= first
                && p.CreatedAt <= last
                && (reference is null || p.Reference == reference)
                && (statuses.Length == 0 || statuses.Contains(p.Status)),
            null
        );
    }

    private static bool IsSepa(string? text) => text is null || PayconiqText.IsSepa(text);

    private static bool IsPublic(Uri? address) =>
        address is null
        || (
            address.Scheme == Uri.UriSchemeHttps
            && address.HostNameType == UriHostNameType.Dns
            && !address.IsLoopback
            && address.IdnHost.Contains('.', StringComparison.Ordinal)
        );

    private static IResult Invalid(string message) => SimulatorErrors.Field("FIELD_IS_INVALID", message);

    private static bool Text(JsonElement body, string name, int maxLength, out string? text)
    {
        text = null;
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null && text.Length <= maxLength;
    }

    private static bool Address(JsonElement body, string name, out Uri? address)
    {
        address = null;
        return Text(body, name, 2048, out var text)
            && (
                text is null
                || (
                    Uri.TryCreate(text, UriKind.Absolute, out address)
                    && address.Scheme is "http" or "https"
                    && address.UserInfo.Length == 0
                )
            );
    }
}
