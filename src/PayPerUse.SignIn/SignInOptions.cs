using Microsoft.AspNetCore.Http;

namespace PayPerUse.SignIn;

/// <summary>How people sign in. Bound from the section <c>SignIn</c> by convention.</summary>
public sealed class SignInOptions
{
    /// <summary>How long a code works.</summary>
    /// <value>10 minutes; 1 minute to 1 hour.</value>
    public TimeSpan CodeTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many tries end a code.</summary>
    /// <value>5; 1 to 20.</value>
    public int TriesPerCode { get; set; } = 5;

    /// <summary>How many codes an e-mail address is sent in an hour.</summary>
    /// <value>5; at least 1.</value>
    public int MailsPerHourPerAddress { get; set; } = 5;

    /// <summary>How many codes an address of the network may ask for in an hour; of IPv6, a /64 counts as one.</summary>
    /// <value>30; at least 1.</value>
    public int MailsPerHourPerIp { get; set; } = 30;

    /// <summary>How many wrong codes a day close an e-mail address, for whoever tries.</summary>
    /// <value>20; at least 1.</value>
    public int FailuresPerDayPerAddress { get; set; } = 20;

    /// <summary>How long a browser stays signed in after its last visit.</summary>
    /// <value>30 days; 1 minute to 365 days.</value>
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>When a session ends however often it is used.</summary>
    /// <value>180 days; <see cref="SessionTime"/> to 10 years.</value>
    public TimeSpan LongestSession { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long an access token works.</summary>
    /// <value>12 hours; 1 minute to 30 days.</value>
    public TimeSpan TokenTime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>The cookies' names begin with this, and a point.</summary>
    /// <value><c>app</c>: <c>app.session</c> and <c>app.signin</c>.</value>
    public string CookiePrefix { get; set; } = "app";

    /// <summary>
    /// Where a browser goes after it signed in, such as a page that offers what the visitor had before. It gets the request, whose
    /// user is the one who just signed in, and the local address that was asked for.
    /// </summary>
    /// <value>null: to the address that was asked for.</value>
    public Func<HttpContext, string, ValueTask<string>>? RedirectAfterSignIn { get; set; }

    /// <summary>
    /// Who signs our mails with codes, in the visitor's language (<see cref="System.Globalization.CultureInfo.CurrentUICulture"/>);
    /// a mailer of the app's own signs as it likes.
    /// </summary>
    /// <value>null: nobody.</value>
    public Func<string>? Signature { get; set; }

    /// <summary>Says in the visitor's language why sign-in was refused, for the app's pages and for problems in JSON.</summary>
    /// <value>null: in Dutch, French or German where the request asks for it, else in English.</value>
    public Func<HttpContext, SignInError, string>? ErrorText { get; set; }
}
