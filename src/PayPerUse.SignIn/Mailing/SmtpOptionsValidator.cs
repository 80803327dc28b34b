using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MimeKit;

namespace PayPerUse.SignIn.Mailing;

/// <summary>Stops the host at start when mails could not leave, naming the key and the fix.</summary>
internal sealed class SmtpOptionsValidator(IHostEnvironment environment) : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Host))
        {
            return environment.IsDevelopment()
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("Codes cannot be mailed: set Smtp:Host and Smtp:From.");
        }

        var errors = new List<string>();
        if (!MailboxAddress.TryParse(options.From, out var sender) || !sender.Address.Contains('@'))
        {
            errors.Add("Smtp:From: set it to the sender, such as Shop <post@shop.example>.");
        }

        if (options.Port is < 1 or > 65535)
        {
            errors.Add($"Smtp:Port: must be between 1 and 65535, not {options.Port}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
