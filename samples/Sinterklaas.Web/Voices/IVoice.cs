namespace Sinterklaas.Web.Voices;

/// <summary>A spoken text, e.g. <c>audio/wav</c> or <c>audio/mpeg</c>.</summary>
public sealed record Speech(byte[] Audio, string ContentType);

/// <summary>Speaks a text as Sinterklaas would.</summary>
public interface IVoice
{
    /// <summary>False when this server has no voice: the page then speaks the script with the browser's own.</summary>
    bool IsAvailable { get; }

    /// <summary>The audio, or null without a voice. Throws when a voice that exists fails.</summary>
    Task<Speech?> SpeakAsync(string script, string language, CancellationToken ct);
}
