using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;

namespace Sinterklaas.Web.Letters;

/// <summary>What letters and voice share when OpenAI makes them.</summary>
internal static class OpenAIServices
{
    public static IServiceCollection AddOpenAI(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<OpenAIOptions>()
            .Bind(configuration.GetSection("OpenAI"))
            .Validate(o => o.IsEndpointSafe, "OpenAI:Endpoint must be an https address (http only on this machine).")
            .Validate(o => o.NamesModels, "OpenAI:Model, OpenAI:SpeechModel and OpenAI:SpeechVoice must not be empty.")
            .Validate(o => o.Timeout > TimeSpan.Zero, "OpenAI:Timeout must be longer than zero, e.g. 00:00:45.")
            .ValidateOnStart();
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<OpenAIOptions>>().Value;
            var client = new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 1) };
            client.Endpoint = options.Endpoint ?? client.Endpoint;
            return new OpenAIClient(new ApiKeyCredential(options.ApiKey!), client);
        });
        return services;
    }

    /// <summary>Asks within the time-out; whatever goes wrong on OpenAI's side becomes <see cref="MakerUnavailableException"/>.</summary>
    public static async Task<T> AskAsync<T>(
        this OpenAIOptions options,
        Func<CancellationToken, Task<T>> ask,
        CancellationToken ct
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Timeout);
        try
        {
            return await ask(deadline.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not MakerUnavailableException)
        {
            var why =
                e is OperationCanceledException ? $"did not answer within {options.Timeout}" : "could not be used";
            throw new MakerUnavailableException($"OpenAI {why}. Nothing was charged.", e);
        }
    }
}
