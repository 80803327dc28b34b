using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Voices;

/// <summary>Speaks with espeak-ng. The script goes in by standard input, so nothing typed by a visitor is ever on a command line.</summary>
internal sealed class EspeakVoice(IOptions<VoiceOptions> options) : IVoice
{
    private const int HeaderLength = 44;
    private const int LargestAudio = 20_000_000;
    private readonly string? program = Find(options.Value.EspeakPath);

    public bool IsAvailable => program is not null;

    public async Task<Speech?> SpeakAsync(string script, string language, CancellationToken ct)
    {
        if (program is null)
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Value.Timeout);
        using var espeak = new Process { StartInfo = Command(program, language) };
        try
        {
            espeak.Start();
            var audio = ReadAsync(espeak.StandardOutput.BaseStream, deadline.Token);
            var errors = espeak.StandardError.ReadToEndAsync(deadline.Token);
            await espeak.StandardInput.WriteAsync(script.AsMemory(), deadline.Token);
            espeak.StandardInput.Close();
            var wav = await audio;
            await espeak.WaitForExitAsync(deadline.Token);
            return espeak.ExitCode == 0 && IsWav(wav)
                ? new Speech(WithTrueLength(wav), "audio/wav")
                : throw new MakerUnavailableException($"espeak-ng failed ({espeak.ExitCode}): {await errors}");
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not MakerUnavailableException)
        {
            throw new MakerUnavailableException("espeak-ng could not speak the script. Nothing was charged.", e);
        }
        finally
        {
            Stop(espeak);
        }
    }

    private ProcessStartInfo Command(string file, string language)
    {
        var voice = language switch
        {
            "fr" => "fr",
            "de" => "de",
            "en" => "en",
            _ => "nl",
        };
        var (speed, pitch) = (options.Value.Speed, options.Value.Pitch);
        string[] arguments = ["--stdin", "--stdout", "-b", "1", "-v", voice, "-s", Number(speed), "-p", Number(pitch)];
        return new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            UseShellExecute = false,
            CreateNoWindow = true,
        };
    }

    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken ct)
    {
        var audio = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await output.ReadAsync(buffer, ct)) > 0; )
        {
            if (audio.Length + read > LargestAudio)
            {
                throw new MakerUnavailableException("The recording grew too large.");
            }

            audio.Write(buffer, 0, read);
        }

        return audio.ToArray();
    }

    private static bool IsWav(byte[] wav) =>
        wav.Length > HeaderLength && wav.AsSpan().StartsWith("RIFF"u8) && wav.AsSpan(8).StartsWith("WAVE"u8);

    /// <summary>espeak-ng cannot go back in a pipe to fill in the lengths, so it leaves the largest there are; players need the true ones.</summary>
    private static byte[] WithTrueLength(byte[] wav)
    {
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), wav.Length - HeaderLength);
        return wav;
    }

    private static void Stop(Process espeak)
    {
        try
        {
            espeak.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It never started, or has ended.
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, program), Path.Combine(folder, program + ".exe") })
            .Prepend(Path.IsPathRooted(program) ? program : "")
            .FirstOrDefault(File.Exists);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
