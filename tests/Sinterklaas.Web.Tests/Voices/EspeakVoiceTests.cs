using System.Buffers.Binary;
using PayPerUse.Testing;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests.Voices;

public sealed class EspeakVoiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nl", "Dag Zoë! Hier spreekt Sinterklaas, vanaf de stoomboot.")]
    [InlineData("fr", "Bonjour François ! Ici Sinterklaas, sur le bateau à vapeur.")]
    [InlineData("de", "Guten Tag! Hier spricht Sinterklaas vom Dampfschiff.")]
    [InlineData("en", "-h --version; Hello child, this is Sinterklaas speaking.")]
    public async Task A_script_becomes_a_wav_that_a_player_understands(string language, string script)
    {
        var speech = await new EspeakVoice(Machine.EspeakNg()).SpeakAsync(script, language, Ct);

        Assert.NotNull(speech);
        Assert.Equal("audio/wav", speech.ContentType);
        var wav = speech.Audio.AsSpan();
        Assert.True(wav.StartsWith("RIFF"u8) && wav[8..].StartsWith("WAVEfmt "u8) && wav[36..].StartsWith("data"u8));
        Assert.Equal(wav.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(wav[4..]));
        Assert.Equal(wav.Length - 44, BinaryPrimitives.ReadInt32LittleEndian(wav[40..]));
        var bytesPerSecond = BinaryPrimitives.ReadInt32LittleEndian(wav[28..]);
        Assert.InRange((wav.Length - 44) / (double)bytesPerSecond, 1.5, 12);
        Assert.Contains(speech.Audio.Skip(44), sample => sample is > 20 and < 235);
    }

    [Fact]
    public async Task A_whole_script_is_spoken_slowly()
    {
        var input = new GiftInput
        {
            ChildName = "Lotte",
            Age = 6,
            GoodDeeds = "gezongen",
            Wishes = "lego",
        };
        var writer = new LocalLetterWriter(new Random(3));
        var script = await writer.WriteAsync(input, GiftKind.Audio, _ => Task.CompletedTask, Ct);

        var speech = await new EspeakVoice(Machine.EspeakNg()).SpeakAsync(script, "nl", Ct);

        // Slower than anyone speaks who has to catch a train: at most 150 words a minute.
        var seconds =
            (speech!.Audio.Length - 44) / (double)BinaryPrimitives.ReadInt32LittleEndian(speech.Audio.AsSpan(28));
        Assert.True(script.Split(' ').Length / seconds < 2.5, $"{seconds} s");
    }

    [Fact]
    public async Task Without_the_program_there_is_no_voice()
    {
        var voice = new EspeakVoice("a-program-that-is-not-here");

        Assert.False(voice.IsAvailable);
        Assert.Null(await voice.SpeakAsync("Dag!", "nl", Ct));
    }

    [Theory]
    [InlineData("exit 3")]
    [InlineData("echo no audio")]
    [InlineData("cat /dev/zero")]
    public async Task A_program_that_fails_or_floods_makes_no_recording(string script)
    {
        using var program = new FakeProgram(script);

        await Assert.ThrowsAnyAsync<Exception>(() => new EspeakVoice(program.Path).SpeakAsync("Dag!", "nl", Ct));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_visitor_who_leaves_stops_the_program()
    {
        using var program = new FakeProgram("echo $$ > \"$0.pid\"; exec sleep 100000");
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var speaking = new EspeakVoice(program.Path).SpeakAsync("Dag!", "nl", leaves.Token);
        string pid;
        while (
            !File.Exists(program.Path + ".pid")
            || (pid = await File.ReadAllTextAsync(program.Path + ".pid", TestContext.Current.CancellationToken)).Length
                == 0
        )
        {
            Assert.False(speaking.IsCompleted, "The program ended by itself.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => speaking);
        while (Directory.Exists($"/proc/{pid.Trim()}"))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A shell script in the place of espeak-ng.</summary>
    private sealed class FakeProgram : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("voice-").FullName;

        public FakeProgram(string script)
        {
            if (!OperatingSystem.IsLinux())
            {
                Assert.Skip("Needs a Linux shell.");
                return;
            }

            File.WriteAllText(Path, "#!/bin/sh\n" + script + "\n");
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        public string Path => System.IO.Path.Combine(folder, "espeak-ng");

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
