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

    private FakeOpenAI(WebApplication app, TimeSpan timeout)
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
                    ["OpenAI:Timeout"] = timeout.ToString(),
                }
            )
            .Build();
        services = new ServiceCollection().AddLetters(configuration).AddVoices(configuration).BuildServiceProvider();
    }

    public ILetterWriter Writer => services.GetRequiredService<ILetterWriter>();
    public IVoice Voice => services.GetRequiredService<IVoice>();
    public List<(string Path, string? Authorization, JsonNode Body)> Requests { get; } = [];

    public static Task<FakeOpenAI> ChatAsync(string text) =>
        StartAsync(async context =>
            await context.Response.WriteAsJsonAsync(
                new
                {
                    id = "chatcmpl-1",
                    @object = "chat.completion",
                    created = 1,
                    model = "a-model",
                    choices = new[]
                    {
                        new
                        {
                            index = 0,
                            finish_reason = "stop",
                            message = new { role = "assistant", content = text },
                        },
                    },
                    usage = new
                    {
                        prompt_tokens = 1,
                        completion_tokens = 1,
                        total_tokens = 2,
                    },
                }
            )
        );

    public static async Task<FakeOpenAI> StartAsync(RequestDelegate answer, TimeSpan? timeout = null)
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
        return fake = new FakeOpenAI(app, timeout ?? TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await app.DisposeAsync();
    }
}
