using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace PayPerUse.Http.Charging;

/// <summary>What one endpoint charges, and how; read from its metadata once.</summary>
/// <param name="Action">What the credits are for.</param>
/// <param name="Credits">How many are reserved.</param>
/// <param name="IsPage">Whether only unsafe methods charge.</param>
/// <param name="StreamsAnswer">Whether the answer leaves before it is charged.</param>
/// <param name="KeepFor">How long the answer is kept; null when it is not.</param>
/// <param name="Checks">What looks at the request first.</param>
internal sealed record CreditRequirement(
    string Action,
    long Credits,
    bool IsPage,
    bool StreamsAnswer,
    TimeSpan? KeepFor,
    IReadOnlyList<FirstCheck> Checks
)
{
    /// <summary>Reads an endpoint; null when it requires no credits.</summary>
    /// <exception cref="InvalidOperationException">The action is not registered.</exception>
    public static CreditRequirement? Of(Endpoint endpoint, PayPerUseOptions options)
    {
        var metadata = endpoint.Metadata;
        return Innermost(metadata) is { } required
            ? new CreditRequirement(
                required.Action,
                required.Credits ?? PriceOf(required.Action, endpoint, options),
                metadata.GetMetadata<PageActionDescriptor>() is not null,
                metadata.GetMetadata<StreamAnswerAttribute>() is not null,
                metadata.GetMetadata<KeepAnswerAttribute>()?.Time,
                metadata.GetOrderedMetadata<FirstCheck>()
            )
            : null;
    }

    /// <summary>
    /// The last one counts, but on controllers and pages what a class says comes before what was said where all of them are
    /// mapped, although MVC adds that later.
    /// </summary>
    private static RequireCreditsAttribute? Innermost(EndpointMetadataCollection metadata)
    {
        var all = metadata.OfType<RequireCreditsAttribute>();
        return metadata.GetMetadata<ActionDescriptor>() is null
            ? all.LastOrDefault()
            : all.LastOrDefault(r => !r.IsConvention) ?? all.LastOrDefault();
    }

    private static long PriceOf(string action, Endpoint endpoint, PayPerUseOptions options) =>
        options.Actions.FirstOrDefault(a => string.Equals(a.Id, action, StringComparison.Ordinal))?.MaxCredits
        ?? throw new InvalidOperationException(
            $"PayPerUse: '{endpoint.DisplayName}' requires credits for the action '{action}', which has no price; add it with AddAction(\"{action}\", credits: …)."
        );
}
