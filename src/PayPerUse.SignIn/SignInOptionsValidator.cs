using Microsoft.Extensions.Options;

namespace PayPerUse.SignIn;

/// <summary>Stops the host at start when a setting is wrong, naming the key and what is allowed.</summary>
internal sealed class SignInOptionsValidator : IValidateOptions<SignInOptions>
{
    private const int Many = 1_000_000;

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        var errors = new List<string>();
        CheckTime(options.CodeTime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), nameof(options.CodeTime));
        CheckNumber(options.TriesPerCode, 20, nameof(options.TriesPerCode));
        CheckNumber(options.MailsPerHourPerAddress, Many, nameof(options.MailsPerHourPerAddress));
        CheckNumber(options.MailsPerHourPerIp, Many, nameof(options.MailsPerHourPerIp));
        CheckNumber(options.FailuresPerDayPerAddress, Many, nameof(options.FailuresPerDayPerAddress));
        CheckTime(options.SessionTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365), nameof(options.SessionTime));
        CheckTime(options.LongestSession, options.SessionTime, TimeSpan.FromDays(3650), nameof(options.LongestSession));
        CheckTime(options.TokenTime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(options.TokenTime));
        if (options.CookiePrefix.Length is 0 or > 40 || !options.CookiePrefix.All(IsOfName))
        {
            errors.Add($"{nameof(options.CookiePrefix)}: must be 1 to 40 letters, digits, '-', '_' or '.'.");
        }

        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "SignIn:" + e));

        void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option)
        {
            if (value < min || value > max)
            {
                errors.Add($"{option}: must be between {min} and {max}, not {value}.");
            }
        }

        void CheckNumber(int value, int max, string option)
        {
            if (value < 1 || value > max)
            {
                errors.Add($"{option}: must be between 1 and {max}, not {value}.");
            }
        }
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
