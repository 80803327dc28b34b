using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Sinterklaas.Web.Letters;

public static class LettersServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="ILetterWriter"/>: OpenAI when <c>OpenAI:ApiKey</c> is set, else this machine. Register a <see cref="Random"/> to repeat its choices.</summary>
    public static IServiceCollection AddLetters(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<ILetterWriter>(provider => new LocalLetterWriter(
            provider.GetRequiredService<Random>()
        ));
        return services;
    }
}
