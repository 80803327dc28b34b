using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Signatures;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>Stops the host at start when a setting is missing or wrong, naming the key and the fix.</summary>
internal sealed class PayconiqOptionsValidator : IValidateOptions<PayconiqOptions>
{
    public ValidateOptionsResult Validate(string? name, PayconiqOptions options)
    {
        var errors = new List<string>();
        Check(
            options.ApiKey is { Length: > 0 } key && key.All(c => c is > (char)0x20 and < (char)0x7f),
            "ApiKey: set it to the API key of your payment profile (visible ASCII characters, no spaces)."
        );
        Check(!string.IsNullOrWhiteSpace(options.ProfileId), "ProfileId: set it to the id of your payment profile.");
        Check(!string.IsNullOrWhiteSpace(options.DisplayName), "DisplayName: must not be empty.");
        if (options.Simulator is null)
        {
            CheckAddress(options.ApiBase, "ApiBase", "the address of the API, such as " + PayconiqDefaults.ApiBase);
            CheckAddress(options.JwksUri, "JwksUri", "the address of the keys, such as " + PayconiqDefaults.JwksUri);
            if (options.ApiBase is not { IsAbsoluteUri: false })
            {
                Check(
                    options.EffectiveJwksUri is not null,
                    "JwksUri: set it to where the keys are that sign callbacks; ApiBase is of a host without known keys."
                );
                Check(
                    options.EffectiveMode is PaymentMode.Test or PaymentMode.Live,
                    "Mode: set it to Test or Live; ApiBase is of a host that does not tell whether its money is real."
                );
            }
        }

        CheckKey(options.SigningKey, "SigningKey", mustBePrivate: true);
        CheckKey(options.OtherPublishedKey, "OtherPublishedKey", mustBePrivate: false);
        Check(
            options.MerchantId is null or { Length: >= 1 and <= 64 },
            "MerchantId: must have 1 to 64 characters, or be left out."
        );
        Check(options.FeeInCents is >= 0 and <= 10_000, "FeeInCents: must be between 0 and 10000.");
        CheckTime(options.CheckoutTime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), "CheckoutTime");
        errors.AddRange(options.Resilience.FindErrors());
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "Payconiq:" + e));

        void CheckAddress(Uri? address, string option, string example) =>
            Check(
                address
                    is null
                        or { IsAbsoluteUri: true, Scheme: "https" or "http", UserInfo: "", Query: "", Fragment: "" }
                    && address is not { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false },
                $"{option}: must be {example}: https (http only to loopback), without user name, query or fragment."
            );

        void CheckKey(string? pem, string option, bool mustBePrivate) =>
            Check(
                string.IsNullOrEmpty(pem) || SigningKeys.TryRead(pem, mustBePrivate, out _),
                $"{option}: must be {(mustBePrivate ? "a private" : "an")} EC key on P-256 in PEM, such as "
                    + "'openssl ecparam -name prime256v1 -genkey -noout' makes."
            );

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
