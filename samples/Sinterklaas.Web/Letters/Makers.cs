using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAI;

namespace Sinterklaas.Web.Letters;

/// <summary>The section <c>OpenAI</c>. Without an <see cref="ApiKey"/>, letters and voice are made on this machine.</summary>
public sealed class OpenAIOptions
{
    public string? ApiKey { get; set; }

    /// <summary>The API's base, for a compatible service; https, or http on this machine. Without one, OpenAI's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The models that write and speak, and the voice.</summary>
    public string Model { get; set; } = "gpt-4.1-mini";
    public string SpeechModel { get; set; } = "gpt-4o-mini-tts";
    public string SpeechVoice { get; set; } = "onyx";

    internal bool NamesModels => !new[] { Model, SpeechModel, SpeechVoice }.Any(string.IsNullOrWhiteSpace);

    /// <summary>The key never travels in the clear.</summary>
    internal bool IsEndpointSafe =>
        Endpoint is null || (Endpoint.IsAbsoluteUri && (Endpoint.Scheme == Uri.UriSchemeHttps || Endpoint.IsLoopback));
}

public static class Makers
{
    /// <summary>Adds writer and voice: OpenAI's when <c>OpenAI:ApiKey</c> is set, else this machine's.</summary>
    public static IServiceCollection AddMakers(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<OpenAIOptions>()
            .BindConfiguration("OpenAI")
            .Validate(o => o.IsEndpointSafe, "OpenAI:Endpoint must be an https address (http only on this machine).")
            .Validate(o => o.NamesModels, "OpenAI:Model, OpenAI:SpeechModel and OpenAI:SpeechVoice must not be empty.")
            .ValidateOnStart();
        services.AddSingleton<GiftMaker>().AddScoped<GiftShelf>();
        var options = configuration.GetSection("OpenAI").Get<OpenAIOptions>() ?? new OpenAIOptions();
        if (string.IsNullOrWhiteSpace(options.ApiKey))
        {
            services.TryAddSingleton<ILetterWriter>(new LocalLetterWriter(Random.Shared));
            services.TryAddSingleton<IVoice>(new EspeakVoice(configuration["Voice:EspeakPath"] ?? "espeak-ng"));
            return services;
        }

        // One retry: a visitor waits a minute at most.
        var http = new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 1) };
        http.Endpoint = options.Endpoint ?? http.Endpoint;
        var client = new OpenAIClient(new ApiKeyCredential(options.ApiKey), http);
        var (chat, speech) = (client.GetChatClient(options.Model), client.GetAudioClient(options.SpeechModel));
        services.TryAddSingleton<ILetterWriter>(new OpenAILetterWriter(chat.AsIChatClient()));
        services.TryAddSingleton<IVoice>(new OpenAIVoice(speech, options.SpeechVoice));
        return services;
    }
}
