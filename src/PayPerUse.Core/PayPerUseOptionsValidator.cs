using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse;

/// <summary>Stops the host at start when an option is out of its range, naming it and the fix.</summary>
internal sealed class PayPerUseOptionsValidator : IValidateOptions<PayPerUseOptions>
{
    public ValidateOptionsResult Validate(string? name, PayPerUseOptions options)
    {
        var errors = new List<string>();
        Check(Unique(options.Packs.Select(p => p.Id)), "Packs: two packs have the same id; give each its own.");
        Check(Unique(options.Actions.Select(a => a.Id)), "Actions: two actions have the same id; give each its own.");
        Check(
            options.RateLimit
                is null
                    or {
                        Permits: >= 1,
                        Window.Ticks: >= TimeSpan.TicksPerMillisecond and <= 366 * TimeSpan.TicksPerDay
                    },
            "RateLimit: needs at least 1 permit and a window between a millisecond and 366 days."
        );
        CheckTime(options.ReservationTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), "ReservationTime");
        CheckTime(options.ReturnGrace, TimeSpan.Zero, TimeSpan.FromDays(3650), "ReturnGrace");
        CheckNumber(options.Ledger.Lanes, 1, 64, "Ledger.Lanes");
        CheckNumber(options.Ledger.MaxBatchSize, 1, 10_000, "Ledger.MaxBatchSize");
        CheckNumber(options.Ledger.MaxQueueLength, options.Ledger.MaxBatchSize, 1_000_000, "Ledger.MaxQueueLength");
        CheckNumber(options.Ledger.MaxRetries, 0, 20, "Ledger.MaxRetries");
        CheckTime(options.Ledger.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "Ledger.Timeout");
        CheckTime(options.Sweep.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "Sweep.Interval");
        CheckTime(options.Sweep.FeedInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), "Sweep.FeedInterval");
        CheckNumber(options.Sweep.BatchSize, 1, 10_000, "Sweep.BatchSize");
        CheckTime(options.Retention.Ids, CreditRetentionOptions.MinIds, TimeSpan.FromDays(36_525), "Retention.Ids");
        if (options.Retention.Log is { } log)
        {
            CheckTime(log, TimeSpan.FromDays(1), TimeSpan.FromDays(36_525), "Retention.Log");
        }

        Check(
            options.PublicUrl is null or { IsAbsoluteUri: true, Scheme: "https" or "http", Query: "", Fragment: "" },
            "PublicUrl: must be an absolute http(s) address without query, such as https://sint.example."
        );
        CheckNumber(options.Withdrawal.Days, 0, 366, "Withdrawal.Days");
        Check(
            TimeZoneInfo.TryFindSystemTimeZoneById(options.Withdrawal.TimeZone, out _),
            $"Withdrawal.TimeZone: there is no time zone '{options.Withdrawal.TimeZone}'; use a name such as Europe/Brussels."
        );
        foreach (var (language, text) in options.ConsentTexts)
        {
            Check(
                text is { Length: > 0 and <= ConsentTexts.MaxLength },
                $"ConsentTexts:{language}: must have 1 to {ConsentTexts.MaxLength} characters."
            );
        }

        foreach (var origin in options.AllowedReturnOrigins)
        {
            Check(
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                    && uri.Scheme is "https" or "http"
                    && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase),
                $"AllowedReturnOrigins: '{origin}' is not an origin such as https://app.example."
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

        void CheckNumber(int value, int min, int max, string option) =>
            Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");

        void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option) =>
            Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");
    }

    private static bool Unique(IEnumerable<string> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return ids.All(seen.Add);
    }
}
