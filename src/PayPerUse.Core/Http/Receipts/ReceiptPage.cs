using System.Collections.Immutable;
using PayPerUse.Http.Pages;
using PayPerUse.Receipts;

namespace PayPerUse.Http.Receipts;

/// <summary>Writes the receipts of one payment, and what was agreed to.</summary>
internal static class ReceiptPage
{
    public static PlainPage Of(ImmutableArray<Receipt> receipts, ReceiptLines lines, ReceiptPageFrame frame)
    {
        var words = lines.Words;
        var page = new PlainPage(words.Language, $"{words["receipt"]} {receipts[0].Number}")
        {
            FileName = frame.IsDownload ? $"{receipts[0].Number}.html" : null,
        };
        foreach (var receipt in receipts)
        {
            Write(page, receipt, receipts[0], lines);
        }

        if (lines.Consent is { } consent)
        {
            WriteSection(page, words["consent"], (consent.Text, lines.ConsentLanguage), (consent.Moment, null));
        }

        if (lines.WithdrawalRight is { } right)
        {
            WriteSection(page, words["right"], (right, null));
        }

        foreach (var withdrawal in lines.Withdrawals)
        {
            WriteSection(page, words["withdrawal"], (withdrawal, null));
        }

        if (!frame.IsDownload)
        {
            page.Html(
                $"<nav><a href=\"{PlainPage.Encode(frame.Download)}\">{PlainPage.Encode(words["download"])}</a> "
                    + $"<a href=\"{PlainPage.Encode(frame.Back)}\">{PlainPage.Encode(words["back"])}</a></nav>\n"
            );
        }

        return page;
    }

    private static void Write(PlainPage page, Receipt receipt, Receipt first, ReceiptLines lines)
    {
        var seller = receipt.Seller;
        page.Html($"<article>\n<h1>{PlainPage.Encode(lines.TitleOf(receipt))}</h1>\n");
        if (lines.Test is { } test)
        {
            page.Html($"<p><strong>{PlainPage.Encode(test)}</strong></p>\n");
        }

        page.Html($"<h2>{PlainPage.Encode(lines.Words["seller"])}</h2>\n");
        page.Html($"<address>{PlainPage.Encode($"{seller.Name}\n{seller.Address}\n{seller.Email}")}</address>\n<dl>\n");
        WriteLines(page, lines.SellerOf(receipt));
        page.Html("</dl>\n<dl>\n");
        WriteLines(page, lines.SaleOf(receipt, first));
        var total = lines.TotalOf(receipt);
        page.Line(total.Name, total.Value, "total").Html("</dl>\n");
        if (lines.MentionOf(receipt) is { } mention)
        {
            page.Html($"<p>{PlainPage.Encode(mention)}</p>\n");
        }

        page.Html("</article>\n");
    }

    private static void WriteLines(PlainPage page, IEnumerable<(string Name, string? Value)> lines)
    {
        foreach (var (name, value) in lines)
        {
            page.Line(name, value);
        }
    }

    /// <summary>A paragraph may be in a language of its own.</summary>
    private static void WriteSection(PlainPage page, string title, params (string Text, string? Language)[] paragraphs)
    {
        page.Html($"<section>\n<h2>{PlainPage.Encode(title)}</h2>\n");
        foreach (var (text, language) in paragraphs)
        {
            var mark = language is null ? "" : $" lang=\"{PlainPage.Encode(language)}\"";
            page.Html($"<p{mark}>{PlainPage.Encode(text)}</p>\n");
        }

        page.Html("</section>\n");
    }
}

/// <summary>What surrounds the receipts on their page.</summary>
/// <param name="Download">Where the page can be saved.</param>
/// <param name="Back">Where the app goes on.</param>
/// <param name="IsDownload">Whether this is the copy that is saved.</param>
internal sealed record ReceiptPageFrame(string Download, string Back, bool IsDownload);
