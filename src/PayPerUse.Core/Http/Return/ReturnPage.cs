using Microsoft.AspNetCore.Http;
using PayPerUse.Http.Pages;
using PayPerUse.Payments;

namespace PayPerUse.Http.Return;

/// <summary>Says what became of one payment, and nothing else of it.</summary>
internal static class ReturnPage
{
    private static readonly Dictionary<string, PageWords> Words = PageWords.Read("return.json");

    public static PlainPage Of(Payment payment, string language, string back)
    {
        var words = Words[language];
        var page = new PlainPage(language, words["title"]) { IsNote = true };
        Write(page, words, KeyOf(payment.Status), back);
        return page;
    }

    public static PlainPage Unknown(string language, string back)
    {
        var words = Words[language];
        var page = new PlainPage(language, words["title"]) { IsNote = true, Status = StatusCodes.Status404NotFound };
        Write(page, words, "unknown", back);
        return page;
    }

    private static void Write(PlainPage page, PageWords words, string state, string back)
    {
        var (mark, tone) = MarkOf(state);
        page.Html($"<p class=\"mark{tone}\" aria-hidden=\"true\">{mark}</p>\n")
            .Html($"<h1>{PlainPage.Encode(words["title"])}</h1>\n")
            .Html($"<p role=\"status\">{PlainPage.Encode(words[state])}</p>\n");
        if (state == "paid")
        {
            page.Html($"<p class=\"soft\">{PlainPage.Encode(words["elsewhere"])}</p>\n");
        }

        if (state == "waiting")
        {
            page.Html($"<p><a class=\"button\" href=\"?\">{PlainPage.Encode(words["again"])}</a></p>\n");
        }

        page.Html($"<nav><a href=\"{PlainPage.Encode(back)}\">{PlainPage.Encode(words["back"])}</a></nav>\n");
    }

    private static (char Mark, string Tone) MarkOf(string state) =>
        state switch
        {
            "paid" => ('✓', " good"),
            "failed" or "canceled" or "expired" => ('✕', " bad"),
            "unknown" => ('?', ""),
            _ => ('…', ""),
        };

    private static string KeyOf(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.Paid => "paid",
            PaymentStatus.Failed => "failed",
            PaymentStatus.Canceled => "canceled",
            PaymentStatus.Expired => "expired",
            PaymentStatus.Refunded => "refunded",
            PaymentStatus.Disputed or PaymentStatus.Review => "review",
            _ => "waiting",
        };
}
