using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace PayPerUse.Receipts;

/// <summary>Stops the host at start when a receipt would lack something, naming the setting and the fix.</summary>
internal sealed partial class SellerOptionsValidator : IValidateOptions<SellerOptions>
{
    private const int MaxLength = 500;

    public ValidateOptionsResult Validate(string? name, SellerOptions options)
    {
        if (!options.IsConfigured)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = new List<string>();
        CheckText(options.Name, "Name", "the name of the company or person that sells");
        CheckText(options.Address, "Address", "the seller's address");
        CheckText(options.Email, "Email", "an address where customers can write to");
        CheckText(options.EnterpriseNumber, "EnterpriseNumber", "the enterprise number, such as 0123.456.749");
        Check(
            options.Email.Length == 0 || EmailPattern().IsMatch(options.Email),
            $"Seller:Email: '{options.Email}' is not an e-mail address."
        );
        Check(
            IsRightIfBelgian(options.EnterpriseNumber),
            $"Seller:EnterpriseNumber: '{options.EnterpriseNumber}' has wrong check digits; look it up again."
        );
        CheckVat(options);
        Check(
            SeriesPattern().IsMatch(options.SeriesPrefix),
            "Seller:SeriesPrefix: has at most 16 of A-Z, 0-9 and '-', such as SINT-."
        );
        Check(
            TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out _),
            $"Seller:TimeZone: there is no time zone '{options.TimeZone}'; use a name such as Europe/Brussels."
        );
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "PayPerUse: " + e));

        void Check(bool isRight, string error)
        {
            if (!isRight)
            {
                errors.Add(error);
            }
        }

        void CheckText(string value, string setting, string what)
        {
            Check(!string.IsNullOrWhiteSpace(value), $"Seller:{setting}: is missing; set it to {what}.");
            Check(value.Length <= MaxLength, $"Seller:{setting}: has at most {MaxLength} characters.");
        }

        void CheckVat(SellerOptions seller)
        {
            Check(
                string.IsNullOrWhiteSpace(seller.VatNumber) == seller.IsSmallBusiness,
                "Seller:VatNumber: set it, with Seller:VatRate, or set Seller:IsSmallBusiness to true when you charge no VAT; one of the two."
            );
            Check(
                seller.VatNumber is not { Length: > 32 },
                "Seller:VatNumber: has at most 32 characters, such as BE0123456749."
            );
            Check(
                seller.VatNumber is not { } number
                    || !number.StartsWith("BE", StringComparison.OrdinalIgnoreCase)
                    || IsBelgian(DigitsOf(number)),
                $"Seller:VatNumber: '{seller.VatNumber}' has wrong check digits; look it up again."
            );
            Check(
                seller.IsSmallBusiness ? seller.VatRate is null : seller.VatRate is >= 0 and <= 100,
                seller.IsSmallBusiness
                    ? "Seller:VatRate: a small business charges no VAT; leave it out."
                    : "Seller:VatRate: set it to the percentage in the price, 0 to 100, such as 21."
            );
            Check(
                seller.VatRate is not { } rate || decimal.IsInteger(rate * 100),
                "Seller:VatRate: has at most two decimals."
            );
            Check(
                seller.SmallBusinessMention is null
                    || (seller.IsSmallBusiness && seller.SmallBusinessMention.Length is > 0 and <= MaxLength),
                $"Seller:SmallBusinessMention: is for a small business (Seller:IsSmallBusiness), 1 to {MaxLength} characters."
            );
        }
    }

    private static bool IsRightIfBelgian(string number)
    {
        var digits = DigitsOf(number);
        return digits is not { Length: 10 } || digits[0] is not ('0' or '1') || IsBelgian(digits);
    }

    /// <summary>The last two digits are 97 less the remainder of the others by 97.</summary>
    private static bool IsBelgian(string digits) =>
        digits.Length == 10
        && 97 - (int.Parse(digits.AsSpan(0, 8), System.Globalization.CultureInfo.InvariantCulture) % 97)
            == int.Parse(digits.AsSpan(8), System.Globalization.CultureInfo.InvariantCulture);

    private static string DigitsOf(string number) => string.Concat(number.Where(char.IsAsciiDigit));

    [GeneratedRegex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$")]
    private static partial Regex EmailPattern();

    [GeneratedRegex("^[A-Z0-9-]{0,16}$")]
    private static partial Regex SeriesPattern();
}
