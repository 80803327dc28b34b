using System.Text.Encodings.Web;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The pay page: what the bank app shows on a phone. No script, and no style in the page itself.</summary>
internal static class SimulatorPage
{
    public const string Css = """
        :root { color-scheme: light; font-family: system-ui, sans-serif; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #e8eef5; color: #10243e; }
        .label { margin: 0; padding: .6rem 1rem; background: #ffd84d; color: #1a1a1a; text-align: center; font-weight: 600; }
        main { max-width: 26rem; min-height: 80vh; margin: 0 auto; padding: 1.5rem 1.25rem; background: #fff; }
        h1 { margin: 0 0 1rem; font-size: 1.25rem; text-align: center; }
        .amount { margin: 1.5rem 0; font-size: 2.75rem; font-weight: 700; text-align: center; }
        dl { margin: 0 0 2rem; padding: 1rem; border-radius: .75rem; background: #f2f6fa; }
        dt { font-size: .85rem; color: #44566c; }
        dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
        dd:last-child { margin-bottom: 0; }
        form { margin: 0 0 .75rem; }
        button, .back { display: block; width: 100%; min-height: 3rem; padding: .75rem; border: 2px solid #004a8f;
          border-radius: .75rem; background: #fff; color: #004a8f; font: inherit; font-weight: 600; text-align: center;
          text-decoration: none; cursor: pointer; }
        #approve { background: #004a8f; color: #fff; }
        button:focus-visible, .back:focus-visible { outline: 3px solid #d9480f; outline-offset: 2px; }
        """;

    public static string Of(SimulatedPayment payment, string merchant, SimulatorTexts texts)
    {
        var description = payment.Description is { Length: > 0 } text
            ? $"<dt>{Text(texts["message"])}</dt><dd id=\"description\">{Text(text)}</dd>"
            : "";
        var actions =
            payment.IsOpen
                ? Form(payment, "approve", texts["approve"])
                    + Form(payment, "cancel", texts["cancel"])
                    + Form(payment, "decline", texts["decline"])
            : payment.ReturnUrl is { } back
                ? $"<a class=\"back\" id=\"back\" href=\"{Text(back.AbsoluteUri)}\">{Text(texts["back"])}</a>"
            : "";
        return Document(
            texts,
            texts.Of(payment.Status),
            $"""
            <p class="amount" id="amount">{Text(texts.Euros(payment.Amount))}</p>
            <dl><dt>{Text(texts["to"])}</dt><dd id="merchant">{Text(merchant)}</dd>{description}</dl>
            {actions}
            """
        );
    }

    public static string Missing(SimulatorTexts texts) => Document(texts, texts["missing"], "");

    private static string Document(SimulatorTexts texts, string title, string content) =>
        $"""
            <!doctype html>
            <html lang="{texts.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{Text(title)} · Bancontact Pay / Wero · {Text(texts["label"])}</title>
            <link rel="stylesheet" href="../pay.css">
            </head>
            <body>
            <header class="label">{Text(texts["label"])}</header>
            <main>
            <h1 id="status">{Text(title)}</h1>
            {content}
            </main>
            </body>
            </html>
            """;

    private static string Form(SimulatedPayment payment, string action, string text) =>
        $"""
            <form method="post" action="../payments/{payment.Id}/{action}"><input type="hidden" name="page" value="1"><button id="{action}" type="submit">{Text(
                text
            )}</button></form>

            """;

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
