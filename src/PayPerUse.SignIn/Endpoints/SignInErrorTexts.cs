namespace PayPerUse.SignIn.Endpoints;

/// <summary>What an app says that has no words of its own.</summary>
internal static class SignInErrorTexts
{
    public static string Of(SignInError error) =>
        error switch
        {
            SignInError.InvalidEmail => "Fill in an e-mail address, such as name@example.com.",
            SignInError.MissingCode => "Fill in the six digits of the mail.",
            SignInError.TooManyMails => "Many codes were sent already. Try again later.",
            SignInError.TooManyTries => "Too many wrong codes were tried for this address. Try again later.",
            SignInError.MailFailed => "The mail did not leave. Try again in a minute.",
            _ => "The code is wrong or no longer works. Look in the newest mail, or ask for a new code.",
        };
}
