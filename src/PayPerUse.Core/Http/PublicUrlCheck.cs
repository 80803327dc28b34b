using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.Payments;

namespace PayPerUse.Http;

/// <summary>Stops a web host outside Development that takes payments without a public https address.</summary>
internal sealed class PublicUrlCheck(IServiceProvider services) : IValidateOptions<PayPerUseOptions>
{
    public ValidateOptionsResult Validate(string? name, PayPerUseOptions options)
    {
        var known = services.GetService<IServiceProviderIsService>();
        if (
            services.GetService<IHostEnvironment>() is not { } environment
            || environment.IsDevelopment()
            || known is null
            || !known.IsService(typeof(IServer))
            || !known.IsService(typeof(IPaymentProvider))
        )
        {
            return ValidateOptionsResult.Success;
        }

        return options.PublicUrl switch
        {
            null => ValidateOptionsResult.Fail(
                "PayPerUse: PublicUrl (PayPerUse:PublicUrl) must be set outside Development to the https address under which customers and payment providers reach this app."
            ),
            { Scheme: "http", IsLoopback: false } => ValidateOptionsResult.Fail(
                "PayPerUse: PublicUrl (PayPerUse:PublicUrl) must be an https address outside Development."
            ),
            _ => ValidateOptionsResult.Success,
        };
    }
}
