using Microsoft.Extensions.Options;
using PayPerUse.Http.Pages;
using PayPerUse.Http.Receipts;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http;

/// <summary>
/// Writes what a customer must be able to keep of a payment as plain text, for a mail: the receipt and its credit notes, what was
/// agreed to, until when it can be withdrawn, the withdrawals that arrived, and a link to the page with the same.
/// </summary>
public sealed class ReceiptTexts
{
    private readonly ReceiptService _receipts;
    private readonly WithdrawalService _withdrawals;
    private readonly PaymentProviders _providers;
    private readonly IPaymentAddresses _addresses;
    private readonly SellerOptions _seller;

    internal ReceiptTexts(
        ReceiptService receipts,
        WithdrawalService withdrawals,
        PaymentProviders providers,
        IPaymentAddresses addresses,
        IOptions<SellerOptions> seller
    )
    {
        _receipts = receipts;
        _withdrawals = withdrawals;
        _providers = providers;
        _addresses = addresses;
        _seller = seller.Value;
    }

    /// <summary>Writes it in the language of the order, and issues the receipts that are due.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Paragraphs; without a seller or a receipt (<c>AddSeller</c>), what was bought for how much.</returns>
    /// <exception cref="PaymentStoreException">A store did not answer.</exception>
    /// <exception cref="PayPerUseException">The public address is not known.</exception>
    public async Task<string> WriteAsync(Payment payment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var issued = await _receipts.IssueAsync(payment.Id, cancellationToken).ConfigureAwait(false);
        var words = ReceiptWords.In(PageLanguage.Of(payment));
        var lines = new ReceiptLines(payment, _providers, _withdrawals, _seller, words);
        List<string> paragraphs = [.. issued.Select(receipt => TextOf(receipt, issued[0], lines))];
        if (issued.IsEmpty)
        {
            paragraphs.Add($"{payment.Description}: {words.Money(payment.Price)}");
        }

        if (lines.Consent is { } consent)
        {
            paragraphs.Add($"{words["consent"]}\n{consent.Text}\n{consent.Moment}");
        }

        if (lines.WithdrawalRight is { } right)
        {
            paragraphs.Add($"{words["right"]}\n{right}");
        }

        paragraphs.AddRange(lines.Withdrawals.Select(withdrawal => $"{words["withdrawal"]}\n{withdrawal}"));
        if (!issued.IsEmpty)
        {
            paragraphs.Add(new Uri(_addresses.ReturnPage(payment.Id), "receipt").AbsoluteUri);
        }

        return string.Join("\n\n", paragraphs);
    }

    private static string TextOf(Receipt receipt, Receipt first, ReceiptLines lines)
    {
        var seller = receipt.Seller;
        string?[] all =
        [
            lines.TitleOf(receipt),
            lines.Test,
            seller.Name,
            seller.Address,
            seller.Email,
            .. lines
                .SellerOf(receipt)
                .Concat(lines.SaleOf(receipt, first))
                .Append(lines.TotalOf(receipt))
                .Select(TextOf),
            lines.MentionOf(receipt),
        ];
        return string.Join('\n', all.Where(l => l is not null));
    }

    private static string? TextOf((string Name, string? Value) line) =>
        line.Value is null ? null : $"{line.Name}: {line.Value}";
}
