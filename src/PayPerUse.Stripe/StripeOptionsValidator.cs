using Microsoft.Extensions.Options;

namespace PayPerUse.Stripe;

/// <summary>Stops the host at start when a setting is missing or wrong, naming the key and the fix, never the value of a secret.</summary>
internal sealed class StripeOptionsValidator : IValidateOptions<StripeOptions>
{
    public ValidateOptionsResult Validate(string? name, StripeOptions options)
    {
        var errors = new List<string>();
        Check(
            StripeSecrets.IsApiKey(options.ApiKey),
            "ApiKey: set it to the secret or restricted key of your Stripe account: "
                + "it starts with sk_test_, sk_live_, rk_test_ or rk_live_ (a publishable key, pk_, does not work)."
        );
        Check(
            StripeSecrets.IsWebhookSecret(options.WebhookSecret),
            "WebhookSecret: set it to the signing secret of your webhook endpoint: it starts with whsec_."
        );
        Check(!string.IsNullOrWhiteSpace(options.DisplayName), "DisplayName: must not be empty.");
        Check(
            options.ApiBase
                is null
                    or { IsAbsoluteUri: true, Scheme: "https" or "http", UserInfo: "", Query: "", Fragment: "" }
                && options.ApiBase is not { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false },
            "ApiBase: must be the address of the API, such as "
                + StripeDefaults.ApiBase
                + ": https (http only to loopback), without user name, query or fragment."
        );
        CheckTime(options.CheckoutTime, TimeSpan.FromMinutes(31), TimeSpan.FromHours(24), "CheckoutTime");
        errors.AddRange(options.Resilience.FindErrors());
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "Stripe:" + e));

        void Check(bool isRight, string error)
        {
            if (!isRight)
            {
                errors.Add(error);
            }
        }

        void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option) =>
            Check(value >= min && value <= max, $"{option}: must be between {min} and {max}, not {value}.");
    }
}
