using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Http.Guests;

/// <summary>Says at start what would otherwise fail at the first guest.</summary>
internal sealed class GuestWalletOptionsValidator(IServiceProvider services) : IValidateOptions<GuestWalletOptions>
{
    public ValidateOptionsResult Validate(string? name, GuestWalletOptions options)
    {
        var errors = new List<string>();
        if (
            options.CookieName.Length == 0
            || !options.CookieName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        )
        {
            errors.Add("GuestWalletOptions.CookieName: use letters, digits, '.', '-' and '_'.");
        }

        if (options.Lifetime < TimeSpan.FromHours(1))
        {
            errors.Add("GuestWalletOptions.Lifetime: must be at least 1 hour.");
        }

        if (!AccountId.TryParse("guest/" + options.AccountType, out _))
        {
            errors.Add("GuestWalletOptions.AccountType: must be an account type, such as 'credits'.");
        }

        if (services.GetService<IDataProtectionProvider>() is null)
        {
            errors.Add(
                "Guest wallets need builder.Services.AddDataProtection(), with keys that outlive the host and that all hosts share."
            );
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
