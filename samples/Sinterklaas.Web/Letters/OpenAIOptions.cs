namespace Sinterklaas.Web.Letters;

/// <summary>The section <c>OpenAI</c>. Without an <see cref="ApiKey"/>, letters and voice are made on this machine.</summary>
public sealed class OpenAIOptions
{
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>The API's base, for a compatible service; https, or http on this machine.</summary>
    /// <value>Default: OpenAI's own.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>The model that writes.</summary>
    public string Model { get; set; } = "gpt-4.1-mini";

    /// <summary>The model that speaks.</summary>
    public string SpeechModel { get; set; } = "gpt-4o-mini-tts";

    /// <summary>The voice it speaks with.</summary>
    public string SpeechVoice { get; set; } = "onyx";

    /// <summary>How long one letter or one recording may take, retries included.</summary>
    /// <value>Default: 45 s.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(45);

    internal bool NamesModels => !new[] { Model, SpeechModel, SpeechVoice }.Any(string.IsNullOrWhiteSpace);

    internal bool IsSet => !string.IsNullOrWhiteSpace(ApiKey);

    /// <summary>The key never travels in the clear.</summary>
    internal bool IsEndpointSafe =>
        Endpoint is null || (Endpoint.IsAbsoluteUri && (Endpoint.Scheme == Uri.UriSchemeHttps || Endpoint.IsLoopback));
}
