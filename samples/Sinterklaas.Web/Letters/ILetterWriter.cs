namespace Sinterklaas.Web.Letters;

/// <summary>Writes as Sinterklaas.</summary>
public interface ILetterWriter
{
    /// <summary>
    /// A letter, or a shorter text to be spoken: plain, paragraphs separated by an empty line. What is ready goes to
    /// <paramref name="show"/>, piece by piece; it was checked, and is final only once the whole text is returned.
    /// </summary>
    /// <exception cref="MakerUnavailableException">The text cannot be made now.</exception>
    Task<string> WriteAsync(GiftInput input, GiftKind kind, Func<string, Task> show, CancellationToken ct);
}

/// <summary>A maker (of letters or of audio) could not do its work now: answer 503, charge nothing.</summary>
public sealed class MakerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
