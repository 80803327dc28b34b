namespace PayPerUse.SignIn;

/// <summary>Sign-in could not be done: its database or the mail failed. Endpoints answer 503.</summary>
public class SignInException : PayPerUseException
{
    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What went wrong and what to do about it.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public SignInException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}

/// <summary>Thrown by an <see cref="ISignInMailer"/> when a mail was not accepted for delivery.</summary>
public sealed class SignInMailException : SignInException
{
    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What went wrong; it is logged and never sent to a visitor.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public SignInMailException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
