namespace Sinterklaas.Web.Letters;

public static class LettersServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="ILetterWriter"/>.</summary>
    public static IServiceCollection AddLetters(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services;
    }
}
