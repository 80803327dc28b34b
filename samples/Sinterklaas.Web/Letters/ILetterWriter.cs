namespace Sinterklaas.Web.Letters;

/// <summary>What the visitor told us about one child. <c>Language</c> is <c>nl</c>, <c>fr</c>, <c>de</c> or <c>en</c>; anything else is read as Dutch.</summary>
public sealed record LetterRequest(string ChildName, int Age, string GoodDeeds, string Wishes, string Language);

/// <summary>Writes as Sinterklaas. Both throw <see cref="MakerUnavailableException"/> when the text cannot be made now.</summary>
public interface ILetterWriter
{
    /// <summary>A letter: plain text, paragraphs separated by an empty line.</summary>
    Task<string> WriteAsync(LetterRequest request, CancellationToken ct);

    /// <summary>A shorter text, meant to be spoken.</summary>
    Task<string> WriteScriptAsync(LetterRequest request, CancellationToken ct);
}

/// <summary>A maker (of letters or of audio) could not do its work now: answer 503, charge nothing.</summary>
public sealed class MakerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
