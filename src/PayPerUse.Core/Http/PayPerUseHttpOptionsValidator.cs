using Microsoft.Extensions.Options;

namespace PayPerUse.Http;

/// <summary>Stops the host at start when an option is out of its range, naming it and the fix.</summary>
internal sealed class PayPerUseHttpOptionsValidator : IValidateOptions<PayPerUseHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, PayPerUseHttpOptions options)
    {
        var errors = new OptionErrors();
        errors.Check(
            options.Flood is null or { Burst: >= 1, PerSecond: >= 1 },
            "Flood: needs at least 1 request at once and 1 a second; set it to null for no guard."
        );
        errors.CheckTime(options.Heartbeat, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), "Heartbeat");
        errors.CheckTime(
            options.WatchInterval,
            TimeSpan.FromMilliseconds(10),
            TimeSpan.FromMinutes(1),
            "WatchInterval"
        );
        errors.CheckNumber(options.MaxStreamsPerAccount, 1, 1000, "MaxStreamsPerAccount");
        errors.CheckTime(options.ReturnWait, TimeSpan.Zero, TimeSpan.FromSeconds(30), "ReturnWait");
        errors.CheckNumber(options.HeldAnswerMemory, 1024, 64 * 1024 * 1024, "HeldAnswerMemory");
        errors.CheckNumber(options.HeldAnswerLimit, options.HeldAnswerMemory, long.MaxValue, "HeldAnswerLimit");
        errors.CheckNumber(options.KeptAnswerLimit, 1024, 64 * 1024 * 1024, "KeptAnswerLimit");
        errors.CheckNumber(options.WebhookBodyLimit, 1024, 10 * 1024 * 1024, "WebhookBodyLimit");
        errors.CheckNumber(options.FailedWebhooksPerMinute, 1, int.MaxValue, "FailedWebhooksPerMinute");
        errors.CheckOrigins(options.TrustedOrigins, "TrustedOrigins");
        return errors.ToResult("PayPerUse");
    }
}
