using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Guard;

/// <summary>Reads the key that makes a request safe to send twice.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string FormField = "idempotencyKey";
    public const int MaxLength = 128;

    // Only asks the command whether the text may be an id; who and what for do not matter.
    private static readonly AccountId Anyone = new("anyone");

    /// <summary>A key for a request that brought none. The client may send it afterwards.</summary>
    public static string Make() => RandomIds.NewGuid().ToString("N");

    /// <summary>The header's key; null when there is none.</summary>
    public static string? FromHeader(HttpRequest request, InvalidFields errors)
    {
        var values = request.Headers[Header];
        return values.Count switch
        {
            0 => null,
            1 => Check(Header, values[0], errors),
            _ => Refuse(Header, errors),
        };
    }

    /// <summary>The header's key, or the hidden field's of a form.</summary>
    public static async ValueTask<string?> FromHeaderOrFormAsync(HttpRequest request, InvalidFields errors)
    {
        // To ask whether the body is a form makes a feature for it, so a request without a body is not asked.
        if (request.Headers.ContainsKey(Header) || request.ContentType is null || !request.HasFormContentType)
        {
            return FromHeader(request, errors);
        }

        var values = (await ReadFormAsync(request).ConfigureAwait(false))[FormField];
        return values.Count switch
        {
            0 => null,
            1 when values[0] is "" => null,
            1 => Check(FormField, values[0], errors),
            _ => Refuse(FormField, errors),
        };
    }

    /// <summary>Reads the form so that binding, antiforgery and readers of the raw body can read it again.</summary>
    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } read)
        {
            return read;
        }

        request.EnableBuffering();
        return await FormBody.ReadRequiredAsync(request, request.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    private static string? Check(string field, string? key, InvalidFields errors) =>
        key is { Length: >= 1 and <= MaxLength } && CreditCommand.Spend(Anyone, key, 1, FormField).Validate() is null
            ? key
            : Refuse(field, errors);

    private static string? Refuse(string field, InvalidFields errors)
    {
        errors.Add(field, $"must be one key of 1 to {MaxLength} visible characters.");
        return null;
    }
}
