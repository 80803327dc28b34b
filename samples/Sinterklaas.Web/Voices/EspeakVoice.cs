using System.Buffers.Binary;
using System.Diagnostics;

namespace Sinterklaas.Web.Voices;

/// <summary>Speaks with espeak-ng. The script goes in by standard input, so nothing typed by a visitor is ever on a command line.</summary>
internal sealed class EspeakVoice(string program) : IVoice
{
    private const int HeaderLength = 44;

    // Ten minutes of speech; a script is one.
    private const int LargestAudio = 30_000_000;

    private readonly string? _file = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => new[] { Path.Combine(folder, program), Path.Combine(folder, program + ".exe") })
        .FirstOrDefault(File.Exists);

    public bool IsAvailable => _file is not null;

    public async Task<Speech?> SpeakAsync(string script, string language, CancellationToken ct)
    {
        if (_file is null)
        {
            return null;
        }

        // Slow and low, as an old man speaks.
        string[] arguments = ["--stdin", "--stdout", "-b", "1", "-v", language, "-s", "125", "-p", "15"];
        using var espeak = new Process();
        espeak.StartInfo = new(_file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        espeak.Start();
        try
        {
            await espeak.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(script), ct);
            espeak.StandardInput.Close();
            using var audio = new MemoryStream();
            var piece = new byte[81920];
            while (await espeak.StandardOutput.BaseStream.ReadAsync(piece, ct) is > 0 and var length)
            {
                audio.Write(piece, 0, length);
                if (audio.Length > LargestAudio)
                {
                    throw Failed("grew too large");
                }
            }

            await espeak.WaitForExitAsync(ct);
            var wav = audio.ToArray();
            return espeak.ExitCode == 0 && IsWav(wav)
                ? new Speech(WithTrueLength(wav), "audio/wav")
                : throw Failed($"failed ({espeak.ExitCode})");
        }
        finally
        {
            // Nothing happens when it has ended.
            espeak.Kill(entireProcessTree: true);
        }
    }

    private static MakerUnavailableException Failed(string how) => new($"The recording of espeak-ng {how}.");

    private static bool IsWav(byte[] wav) =>
        wav.Length > HeaderLength && wav.AsSpan().StartsWith("RIFF"u8) && wav.AsSpan(8).StartsWith("WAVE"u8);

    /// <summary>espeak-ng cannot go back in a pipe to fill in the lengths, so it leaves the largest there are; players need the true ones.</summary>
    private static byte[] WithTrueLength(byte[] wav)
    {
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - HeaderLength);
        return wav;
    }
}
