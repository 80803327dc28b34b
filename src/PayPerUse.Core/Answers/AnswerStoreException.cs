namespace PayPerUse.Answers;

/// <summary>The store of kept answers did not answer.</summary>
public sealed class AnswerStoreException : PayPerUseException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause, when there is one.</param>
    public AnswerStoreException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
