using Microsoft.Extensions.Options;

namespace PayPerUse.Http;

/// <summary>Stops the host at start when an option is out of its range, naming it and the fix.</summary>
internal sealed class PayPerUseHttpOptionsValidator : IValidateOptions<PayPerUseHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, PayPerUseHttpOptions options)
    {
        var errors = new List<string>();
        Check(
            options.Flood is null or { Burst: >= 1, PerSecond: >= 1 },
            "Flood: needs at least 1 request at once and 1 a second; set it to null for no guard."
        );
        CheckTime(options.Heartbeat, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "Heartbeat");
        CheckTime(options.WatchInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), "WatchInterval");
        CheckNumber(options.MaxStreamsPerAccount, 1, 1000, "MaxStreamsPerAccount");
        CheckNumber(options.HeldAnswerMemory, 1024, 64 * 1024 * 1024, "HeldAnswerMemory");
        CheckNumber(options.HeldAnswerLimit, options.HeldAnswerMemory, long.MaxValue, "HeldAnswerLimit");
        CheckNumber(options.KeptAnswerLimit, 1024, 64 * 1024 * 1024, "KeptAnswerLimit");
        CheckNumber(options.WebhookBodyLimit, 1024, 10 * 1024 * 1024, "WebhookBodyLimit");
        CheckNumber(options.FailedWebhooksPerMinute, 1, int.MaxValue, "FailedWebhooksPerMinute");
        foreach (var origin in options.TrustedOrigins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                    && uri.Scheme is "https" or "http"
                    && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase),
                $"TrustedOrigins: '{origin}' is not an origin such as https://app.example."
            );
        }

        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "PayPerUse: " + e));

        void Check(bool isRight, string error)
        {
            if (!isRight)
            {
                errors.Add(error);
            }
        }

        void CheckNumber(long value, long min, long max, string option) =>
            Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");

        void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option) =>
            Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");
    }
}
