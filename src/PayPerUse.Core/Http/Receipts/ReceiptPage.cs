using System.Collections.Immutable;
using PayPerUse.Http.Pages;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Receipts;

/// <summary>Writes the receipts of one payment, and what was agreed to.</summary>
internal static class ReceiptPage
{
    public static PlainPage Of(
        Payment payment,
        ImmutableArray<Receipt> receipts,
        ReceiptPageFrame frame,
        ReceiptWords words
    )
    {
        var page = new PlainPage(words.Language, $"{words["receipt"]} {receipts[0].Number}")
        {
            FileName = frame.IsDownload ? $"{receipts[0].Number}.html" : null,
        };
        foreach (var receipt in receipts)
        {
            Write(page, payment, receipt, receipts[0], frame, words);
        }

        WriteConsent(page, payment, frame.Zone, words);
        WriteWithdrawals(page, payment, frame.Zone, words);
        if (!frame.IsDownload)
        {
            page.Html(
                $"<nav><a href=\"{PlainPage.Encode(frame.Download)}\">{PlainPage.Encode(words["download"])}</a> "
                    + $"<a href=\"{PlainPage.Encode(frame.Back)}\">{PlainPage.Encode(words["back"])}</a></nav>\n"
            );
        }

        return page;
    }

    private static void Write(
        PlainPage page,
        Payment payment,
        Receipt receipt,
        Receipt first,
        ReceiptPageFrame frame,
        ReceiptWords words
    )
    {
        var sign = receipt.Kind == ReceiptKind.CreditNote ? -1 : 1;
        var (seller, currency) = (receipt.Seller, receipt.Amount.Currency);
        page.Html($"<article>\n<h1>{PlainPage.Encode($"{words[NameOf(receipt.Kind)]} {receipt.Number}")}</h1>\n");
        if (payment.Mode == PaymentMode.Test)
        {
            page.Html($"<p><strong>{PlainPage.Encode(words["test"])}</strong></p>\n");
        }

        page.Html($"<h2>{PlainPage.Encode(words["seller"])}</h2>\n");
        page.Html($"<address>{PlainPage.Encode($"{seller.Name}\n{seller.Address}\n{seller.Email}")}</address>\n<dl>\n")
            .Line(words["enterprise"], seller.EnterpriseNumber)
            .Line(words["vat-number"], seller.VatNumber)
            .Html("</dl>\n<dl>\n")
            .Line(words["date"], words.Day(receipt.IssuedAt, frame.Zone))
            .Line(words["corrects"], receipt == first ? null : first.Number)
            .Line(words["order"], payment.Id)
            .Line(words["paid"], payment.PaidAt is { } paidAt ? words.Moment(paidAt, frame.Zone) : null)
            .Line(words["with"], frame.ProviderName)
            .Line(words["bought"], receipt.Description)
            .Line(words["credits"], receipt == first ? $"{receipt.Credits}" : null);
        if (receipt.VatRate is { } rate)
        {
            page.Line(words["net"], words.Money(sign * receipt.Net.Amount, currency))
                .Line($"{words["vat"]} {words.Percent(rate)}", words.Money(sign * receipt.Vat, currency));
        }

        page.Line(words["total"], words.Money(sign * receipt.Amount.Amount, currency), "total").Html("</dl>\n");
        if (seller.IsSmallBusiness)
        {
            page.Html($"<p>{PlainPage.Encode(seller.SmallBusinessMention ?? words["small-business"])}</p>\n");
        }

        page.Html("</article>\n");
    }

    private static void WriteConsent(PlainPage page, Payment payment, TimeZoneInfo zone, ReceiptWords words)
    {
        if (payment is { Consent: { } version, ConsentedAt: { } at })
        {
            page.Html(
                $"<section>\n<h2>{PlainPage.Encode(words["consent"])}</h2>\n<p>{PlainPage.Encode(payment.ConsentText ?? "")}</p>\n"
                    + $"<p>{PlainPage.Encode($"{words.Moment(at, zone)}, {words["version"]} {version}")}</p>\n</section>\n"
            );
        }
    }

    /// <summary>The acknowledgement that a withdrawal has arrived: what, and when to the second.</summary>
    private static void WriteWithdrawals(PlainPage page, Payment payment, TimeZoneInfo zone, ReceiptWords words)
    {
        foreach (var refund in WithdrawalService.Of(payment))
        {
            var state =
                refund.IsOwed ? "refund-owed"
                : refund.Status == PaymentRefundStatus.Failed ? "refund-failed"
                : "refund-sent";
            page.Html($"<section>\n<h2>{PlainPage.Encode(words["withdrawal"])}</h2>\n<p>")
                .Html(
                    PlainPage.Encode($"{words.Moment(refund.At, zone)}: {words.Money(refund.Amount)}, {words[state]}.")
                )
                .Html("</p>\n</section>\n");
        }
    }

    public static string NameOf(ReceiptKind kind) =>
        kind switch
        {
            ReceiptKind.Receipt => "receipt",
            ReceiptKind.CreditNote => "credit-note",
            _ => "correction",
        };
}

/// <summary>What surrounds the receipts on their page.</summary>
/// <param name="Zone">The seller's time zone.</param>
/// <param name="ProviderName">What people know the payment provider by.</param>
/// <param name="Download">Where the page can be saved.</param>
/// <param name="Back">Where the app goes on.</param>
/// <param name="IsDownload">Whether this is the copy that is saved.</param>
internal sealed record ReceiptPageFrame(
    TimeZoneInfo Zone,
    string ProviderName,
    string Download,
    string Back,
    bool IsDownload
);
