using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenAI;

namespace Sinterklaas.Web.Letters;

public static class LettersServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="ILetterWriter"/>: OpenAI when <c>OpenAI:ApiKey</c> is set, else this machine. Register a seeded <see cref="Random"/> before to repeat its choices.</summary>
    public static IServiceCollection AddLetters(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOpenAI(configuration);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<IChatClient>(provider =>
            provider
                .GetRequiredService<OpenAIClient>()
                .GetChatClient(provider.GetRequiredService<IOptions<OpenAIOptions>>().Value.Model)
                .AsIChatClient()
        );
        services.TryAddSingleton<ILetterWriter>(provider =>
            provider.GetRequiredService<IOptions<OpenAIOptions>>().Value.IsSet
                ? ActivatorUtilities.CreateInstance<OpenAILetterWriter>(provider)
                : ActivatorUtilities.CreateInstance<LocalLetterWriter>(provider)
        );
        return services;
    }
}
