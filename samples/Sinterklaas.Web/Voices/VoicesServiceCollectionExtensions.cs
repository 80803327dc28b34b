namespace Sinterklaas.Web.Voices;

public static class VoicesServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IVoice"/>.</summary>
    public static IServiceCollection AddVoices(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services;
    }
}
