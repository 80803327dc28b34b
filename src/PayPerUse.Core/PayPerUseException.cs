namespace PayPerUse;

/// <summary>The base of every exception that PayPerUse throws for broken infrastructure or misuse.</summary>
/// <remarks>Expected outcomes (not enough credits, a replay, a conflict) are values, never exceptions.</remarks>
public class PayPerUseException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What went wrong and what to do about it.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public PayPerUseException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
