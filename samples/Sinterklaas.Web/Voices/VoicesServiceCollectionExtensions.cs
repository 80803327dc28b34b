using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Voices;

public static class VoicesServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IVoice"/>: OpenAI when <c>OpenAI:ApiKey</c> is set, else espeak-ng where it is installed.</summary>
    public static IServiceCollection AddVoices(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOpenAI(configuration);
        services
            .AddOptions<VoiceOptions>()
            .Bind(configuration.GetSection("Voice"))
            .Validate(o => o.Speed is >= 80 and <= 450, "Voice:Speed must be 80 to 450 words a minute.")
            .Validate(o => o.Pitch is >= 0 and <= 99, "Voice:Pitch must be 0 to 99.")
            .Validate(o => o.Timeout > TimeSpan.Zero, "Voice:Timeout must be longer than zero, e.g. 00:00:20.")
            .ValidateOnStart();
        services.TryAddSingleton<IVoice>(provider =>
            provider.GetRequiredService<IOptions<OpenAIOptions>>().Value.IsSet
                ? ActivatorUtilities.CreateInstance<OpenAIVoice>(provider)
                : ActivatorUtilities.CreateInstance<EspeakVoice>(provider)
        );
        return services;
    }
}
