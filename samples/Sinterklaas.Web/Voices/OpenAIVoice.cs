using OpenAI.Audio;

namespace Sinterklaas.Web.Voices;

/// <summary>Speaks with OpenAI.</summary>
internal sealed class OpenAIVoice(AudioClient client, string voice) : IVoice
{
    public bool IsAvailable => true;

    public async Task<Speech?> SpeakAsync(string script, string language, CancellationToken ct)
    {
        var slowly = new SpeechGenerationOptions { ResponseFormat = GeneratedSpeechFormat.Mp3, SpeedRatio = 0.9f };
        var answer = await client.GenerateSpeechAsync(script, voice, slowly, ct);
        var mp3 = answer.Value.ToArray();
        return IsMp3(mp3)
            ? new Speech(mp3, "audio/mpeg")
            : throw new MakerUnavailableException("OpenAI's answer was no MP3.");
    }

    /// <summary>An ID3 tag, or the eleven set bits that open an MPEG frame.</summary>
    private static bool IsMp3(byte[] audio) =>
        audio.Length > 4 && (audio.AsSpan().StartsWith("ID3"u8) || (audio[0] == 0xFF && (audio[1] & 0xE0) == 0xE0));
}
