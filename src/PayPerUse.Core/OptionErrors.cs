using Microsoft.Extensions.Options;

namespace PayPerUse;

/// <summary>What is wrong with the options, each error naming its option and the fix.</summary>
internal sealed class OptionErrors
{
    private readonly List<string> _errors = [];

    public void Check(bool isRight, string error)
    {
        if (!isRight)
        {
            _errors.Add(error);
        }
    }

    public void CheckNumber(long value, long min, long max, string option) =>
        Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");

    public void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option) =>
        Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");

    public void CheckOrigins(IEnumerable<string> origins, string option)
    {
        foreach (var origin in origins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                    && uri.Scheme is "https" or "http"
                    && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase),
                $"{option}: '{origin}' is not an origin such as https://app.example."
            );
        }
    }

    /// <summary>What the host starts or stops with.</summary>
    /// <param name="section">Where the options stand, before each error.</param>
    public ValidateOptionsResult ToResult(string section) =>
        _errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(_errors.Select(e => $"{section}: {e}"));
}
