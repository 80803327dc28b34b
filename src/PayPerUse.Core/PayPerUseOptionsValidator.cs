using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse;

/// <summary>Stops the host at start when an option is out of its range, naming it and the fix.</summary>
internal sealed class PayPerUseOptionsValidator : IValidateOptions<PayPerUseOptions>
{
    public ValidateOptionsResult Validate(string? name, PayPerUseOptions options)
    {
        var errors = new OptionErrors();
        errors.Check(Unique(options.Packs.Select(p => p.Id)), "Packs: two packs have the same id; give each its own.");
        errors.Check(
            Unique(options.Actions.Select(a => a.Id)),
            "Actions: two actions have the same id; give each its own."
        );
        errors.Check(
            options.RateLimit
                is null
                    or {
                        Permits: >= 1,
                        Window.Ticks: >= TimeSpan.TicksPerMillisecond and <= 366 * TimeSpan.TicksPerDay
                    },
            "RateLimit: needs at least 1 permit and a window between a millisecond and 366 days."
        );
        errors.CheckTime(options.ReservationTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), "ReservationTime");
        errors.CheckTime(options.ReturnGrace, TimeSpan.Zero, TimeSpan.FromDays(3650), "ReturnGrace");
        errors.CheckNumber(options.Ledger.Lanes, 1, 64, "Ledger.Lanes");
        errors.CheckNumber(options.Ledger.MaxBatchSize, 1, 10_000, "Ledger.MaxBatchSize");
        errors.CheckNumber(
            options.Ledger.MaxQueueLength,
            options.Ledger.MaxBatchSize,
            1_000_000,
            "Ledger.MaxQueueLength"
        );
        errors.CheckNumber(options.Ledger.MaxRetries, 0, 20, "Ledger.MaxRetries");
        errors.CheckTime(
            options.Ledger.Timeout,
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromMinutes(5),
            "Ledger.Timeout"
        );
        errors.CheckTime(
            options.Sweep.Interval,
            TimeSpan.FromMilliseconds(100),
            TimeSpan.FromHours(1),
            "Sweep.Interval"
        );
        errors.CheckTime(
            options.Sweep.FeedInterval,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromDays(1),
            "Sweep.FeedInterval"
        );
        errors.CheckNumber(options.Sweep.BatchSize, 1, 10_000, "Sweep.BatchSize");
        errors.CheckTime(
            options.Retention.Ids,
            CreditRetentionOptions.MinIds,
            TimeSpan.FromDays(36_525),
            "Retention.Ids"
        );
        if (options.Retention.Log is { } log)
        {
            errors.CheckTime(log, TimeSpan.FromDays(1), TimeSpan.FromDays(36_525), "Retention.Log");
        }

        errors.Check(
            options.PublicUrl is null or { IsAbsoluteUri: true, Scheme: "https" or "http", Query: "", Fragment: "" },
            "PublicUrl: must be an absolute http(s) address without query, such as https://sint.example."
        );
        errors.CheckNumber(options.Withdrawal.Days, 0, 366, "Withdrawal.Days");
        errors.Check(
            TimeZoneInfo.TryFindSystemTimeZoneById(options.Withdrawal.TimeZone, out _),
            $"Withdrawal.TimeZone: there is no time zone '{options.Withdrawal.TimeZone}'; use a name such as Europe/Brussels."
        );
        foreach (var (language, text) in options.ConsentTexts)
        {
            errors.Check(
                text is { Length: > 0 and <= ConsentTexts.MaxLength },
                $"ConsentTexts:{language}: must have 1 to {ConsentTexts.MaxLength} characters."
            );
        }

        errors.CheckOrigins(options.AllowedReturnOrigins, "AllowedReturnOrigins");
        return errors.ToResult("PayPerUse");
    }

    private static bool Unique(IEnumerable<string> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return ids.All(seen.Add);
    }
}
