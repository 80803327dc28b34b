using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace PayPerUse;

/// <summary>Reads the section that every message names, before the app's own code sets anything; without configuration, nothing.</summary>
internal sealed class PayPerUseSettings(IConfiguration? configuration = null) : IConfigureOptions<PayPerUseOptions>
{
    private const string Section = "PayPerUse";

    public void Configure(PayPerUseOptions options) => configuration?.GetSection(Section).Bind(options);
}
