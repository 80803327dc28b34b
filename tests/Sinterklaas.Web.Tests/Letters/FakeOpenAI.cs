using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests.Letters;

/// <summary>A server on loopback that answers as OpenAI would, or as a test says.</summary>
public sealed class FakeOpenAI : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ServiceProvider services;

    private FakeOpenAI(WebApplication app)
    {
        this.app = app;
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["OpenAI:ApiKey"] = "sk-test",
                    ["OpenAI:Endpoint"] = app.Urls.Single() + "/v1",
                    ["OpenAI:Model"] = "a-model",
                    ["OpenAI:SpeechModel"] = "a-speech-model",
                    ["OpenAI:SpeechVoice"] = "a-voice",
                }
            )
            .Build();
        services = new ServiceCollection()
            .AddMakers(configuration)
            .AddSingleton<IConfiguration>(configuration)
            .BuildServiceProvider();
    }

    public ILetterWriter Writer => services.GetRequiredService<ILetterWriter>();
    public IVoice Voice => services.GetRequiredService<IVoice>();
    public List<(string Path, string? Authorization, JsonNode Body)> Requests { get; } = [];

    public Uri Address => new(app.Urls.Single());

    /// <summary>Answers with a text, streamed by a few characters at a time.</summary>
    public static Task<FakeOpenAI> ChatAsync(string text) => StartAsync(context => StreamAsync(context, text));

    /// <summary>Streams a text, and says why it ends (unless <paramref name="finish"/> is null, as when a proxy gives up).</summary>
    public static async Task StreamAsync(
        HttpContext context,
        string text,
        bool isWhole = true,
        Func<Task>? half = null,
        string? finish = "stop"
    )
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var (i, piece) in text.Chunk(7).Index())
        {
            await SendAsync(new { content = new string(piece) }, reason: null);
            if (i == text.Length / 14)
            {
                await (half?.Invoke() ?? Task.CompletedTask);
                if (!isWhole)
                {
                    context.Abort();
                    return;
                }
            }
        }

        if (finish is not null)
        {
            await SendAsync(new { }, finish);
            await context.Response.WriteAsync("data: [DONE]\n\n");
        }

        async Task SendAsync(object delta, string? reason)
        {
            var chunk = new
            {
                id = "chatcmpl-1",
                @object = "chat.completion.chunk",
                created = 1,
                model = "a-model",
                choices = new[]
                {
                    new
                    {
                        index = 0,
                        delta,
                        finish_reason = reason,
                    },
                },
            };
            await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(chunk)}\n\n");
            await context.Response.Body.FlushAsync();
        }
    }

    public static async Task<FakeOpenAI> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        FakeOpenAI? fake = null;
        app.Run(async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!;
            fake!.Requests.Add((context.Request.Path, context.Request.Headers.Authorization, body));
            await answer(context);
        });
        await app.StartAsync();
        return fake = new FakeOpenAI(app);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await app.DisposeAsync();
    }
}
