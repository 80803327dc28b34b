using Microsoft.AspNetCore.Http;
using Sinterklaas.Web.Tests.Letters;

namespace Sinterklaas.Web.Tests.Voices;

public sealed class OpenAIVoiceTests
{
    private static readonly byte[] Mp3 = [0xFF, 0xFB, 0x90, 0x64, 0, 0, 0, 0];
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_recording_is_returned_and_the_request_says_what_to_speak()
    {
        await using var openAI = await FakeOpenAI.StartAsync(context => Answer(context, 200, Mp3));

        var speech = await openAI.Voice.SpeakAsync("Dag Lotte!", "nl", Ct);

        Assert.True(openAI.Voice.IsAvailable);
        Assert.Equal(
            ("audio/mpeg", Convert.ToHexString(Mp3)),
            (speech!.ContentType, Convert.ToHexString(speech.Audio))
        );
        var (path, authorization, body) = Assert.Single(openAI.Requests);
        Assert.Equal(("/v1/audio/speech", "Bearer sk-test"), (path, authorization));
        Assert.Equal(
            ("a-speech-model", "a-voice", "Dag Lotte!", "mp3"),
            ((string?)body["model"], (string?)body["voice"], (string?)body["input"], (string?)body["response_format"])
        );
    }

    [Theory]
    [InlineData(429, "FFFB9064")]
    [InlineData(503, "")]
    [InlineData(200, "")]
    [InlineData(200, "3C68746D6C3E")]
    public async Task An_error_or_garbage_is_no_recording(int status, string hex)
    {
        await using var openAI = await FakeOpenAI.StartAsync(context =>
            Answer(context, status, Convert.FromHexString(hex))
        );

        await Assert.ThrowsAnyAsync<Exception>(() => openAI.Voice.SpeakAsync("Dag!", "nl", Ct));
    }

    private static Task Answer(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "audio/mpeg";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
