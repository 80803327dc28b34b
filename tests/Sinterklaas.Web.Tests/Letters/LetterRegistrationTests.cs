using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Tests.Letters;

public sealed class LetterRegistrationTests
{
    [Fact]
    public void Without_a_key_everything_is_made_on_this_machine()
    {
        using var services = Services([]);

        Assert.IsType<LocalLetterWriter>(services.GetRequiredService<ILetterWriter>());
        Assert.IsType<EspeakVoice>(services.GetRequiredService<IVoice>());
    }

    [Fact]
    public void With_a_key_OpenAI_makes_both()
    {
        using var services = Services(new() { ["OpenAI:ApiKey"] = "sk-test" });

        Assert.IsType<OpenAILetterWriter>(services.GetRequiredService<ILetterWriter>());
        Assert.IsType<OpenAIVoice>(services.GetRequiredService<IVoice>());
    }

    [Theory]
    [InlineData("OpenAI:Endpoint", "http://example.org/v1")]
    [InlineData("OpenAI:Model", "")]
    public void A_setting_that_cannot_work_is_named(string key, string value)
    {
        using var services = Services(new() { [key] = value });

        var refused = Assert.ThrowsAny<OptionsValidationException>(() =>
            services.GetRequiredService<IStartupValidator>().Validate()
        );

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddMakers(configuration)
            .AddSingleton<IConfiguration>(configuration)
            .BuildServiceProvider();
    }
}
