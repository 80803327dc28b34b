using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Receipts;

/// <summary>What stands on receipts, line by line, whatever they are written on.</summary>
/// <param name="payment">Whose receipts.</param>
/// <param name="providers">Know what people know the payment's provider by.</param>
/// <param name="withdrawals">Know until when it can be withdrawn.</param>
/// <param name="seller">Whose time zone is that of all dates.</param>
/// <param name="words">In which language.</param>
internal sealed class ReceiptLines(
    Payment payment,
    PaymentProviders providers,
    WithdrawalService withdrawals,
    SellerOptions seller,
    ReceiptWords words
)
{
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(seller.TimeZone);

    public ReceiptWords Words => words;

    /// <summary>The sentence that no real money was paid; null when it was.</summary>
    public string? Test => payment.Mode == PaymentMode.Test ? words["test"] : null;

    /// <summary>The words that were agreed to, and when; null when nothing was.</summary>
    public (string Text, string Moment)? Consent =>
        payment is { Consent: { } version, ConsentedAt: { } at }
            ? (payment.ConsentText ?? "", $"{words.Moment(at, _zone)}, {words["version"]} {version}")
            : null;

    /// <summary>That it can be withdrawn, with the last day; null when it cannot.</summary>
    public string? WithdrawalRight =>
        withdrawals.EndOf(payment) is { } end
            ? words["right-until"].Replace("{0}", words.Day(end.AddTicks(-1), _zone), StringComparison.Ordinal)
            : null;

    /// <summary>The language of the words that were agreed to; null when that is not known.</summary>
    public string? ConsentLanguage => payment.Language;

    /// <summary>The acknowledgements that withdrawals have arrived: what, and when to the second.</summary>
    public IEnumerable<string> Withdrawals =>
        WithdrawalService
            .Of(payment)
            .Select(refund =>
            {
                var state =
                    refund.IsOwed ? "refund-owed"
                    : refund.Status == PaymentRefundStatus.Failed ? "refund-failed"
                    : "refund-sent";
                return $"{words.Moment(refund.At, _zone)}: {words.Money(refund.Amount)}, {words[state]}.";
            });

    public static string NameOf(ReceiptKind kind) =>
        kind switch
        {
            ReceiptKind.Receipt => "receipt",
            ReceiptKind.CreditNote => "credit-note",
            _ => "correction",
        };

    public string TitleOf(Receipt receipt) => $"{words[NameOf(receipt.Kind)]} {receipt.Number}";

    /// <summary>A value that is null has no line.</summary>
    public IEnumerable<(string Name, string? Value)> SellerOf(Receipt receipt) =>
        [(words["enterprise"], receipt.Seller.EnterpriseNumber), (words["vat-number"], receipt.Seller.VatNumber)];

    /// <inheritdoc cref="SellerOf"/>
    public IEnumerable<(string Name, string? Value)> SaleOf(Receipt receipt, Receipt first)
    {
        var sign = receipt.Kind == ReceiptKind.CreditNote ? -1 : 1;
        var currency = receipt.Amount.Currency;
        yield return (words["date"], words.Day(receipt.IssuedAt, _zone));
        yield return (words["corrects"], receipt == first ? null : first.Number);
        yield return (words["order"], payment.Id);
        yield return (words["paid"], payment.PaidAt is { } paidAt ? words.Moment(paidAt, _zone) : null);
        yield return (words["with"], providers.Find(payment.Provider)?.DisplayName ?? payment.Provider);
        yield return (words["bought"], receipt.Description);
        yield return (words["credits"], receipt == first ? $"{receipt.Credits}" : null);
        if (receipt.VatRate is { } rate)
        {
            yield return (words["net"], words.Money(sign * receipt.Net.Amount, currency));
            yield return ($"{words["vat"]} {words.Percent(rate)}", words.Money(sign * receipt.Vat, currency));
        }
    }

    public (string Name, string Value) TotalOf(Receipt receipt)
    {
        var sign = receipt.Kind == ReceiptKind.CreditNote ? -1 : 1;
        return (words["total"], words.Money(sign * receipt.Amount.Amount, receipt.Amount.Currency));
    }

    /// <summary>Why no VAT is charged; null when it is.</summary>
    public string? MentionOf(Receipt receipt) =>
        receipt.Seller.IsSmallBusiness ? receipt.Seller.SmallBusinessMention ?? words["small-business"] : null;
}
