using System.ComponentModel.DataAnnotations;

namespace Sinterklaas.Web.SignIn;

/// <summary>How people sign in; the section <c>SignIn</c>.</summary>
public sealed class SignInOptions
{
    [Range(1, 60)]
    public int CodeMinutes { get; set; } = 10;

    [Range(1, 20)]
    public int TriesPerCode { get; set; } = 5;

    [Range(1, 1_000_000)]
    public int MailsPerHourPerAddress { get; set; } = 5;

    [Range(1, 1_000_000)]
    public int MailsPerHourPerIp { get; set; } = 30;

    [Range(1, 1_000_000)]
    public int FailuresPerDayPerAddress { get; set; } = 20;

    /// <summary>How long a browser stays signed in, from its last visit.</summary>
    [Range(1, 365)]
    public int SessionDays { get; set; } = 30;

    /// <summary>How long an access token works.</summary>
    [Range(1, 24 * 30)]
    public int TokenHours { get; set; } = 12;
}
