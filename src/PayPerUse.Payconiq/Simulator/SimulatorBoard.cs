using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The page of all that the simulated bank knows. No script, and no style in the page itself.</summary>
internal static class SimulatorBoard
{
    public const string Css = """
        :root { color-scheme: light; font-family: system-ui, sans-serif; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #e8eef5; color: #10243e; }
        .label { margin: 0; padding: .6rem 1rem; background: #ffd84d; color: #1a1a1a; text-align: center; font-weight: 600; }
        main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.4rem; margin: .5rem 0; }
        h2 { font-size: 1.1rem; margin: 0 0 .75rem; }
        section { margin: 0 0 1rem; padding: 1rem; border-radius: .75rem; background: #fff; }
        .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem; align-items: end; margin-bottom: .75rem; }
        label { display: block; font-size: .85rem; color: #34465c; }
        input[type=number], select { width: 100%; min-height: 2.5rem; margin-top: .2rem; padding: .4rem .6rem; border: 1px solid #6b7c90;
          border-radius: .4rem; background: #fff; color: inherit; font: inherit; font-size: 1rem; }
        button { min-height: 2.5rem; padding: .4rem .8rem; border: 2px solid #004a8f; border-radius: .5rem; background: #fff;
          color: #004a8f; font: inherit; font-weight: 600; cursor: pointer; }
        button.main { background: #004a8f; color: #fff; }
        button:focus-visible, input:focus-visible, select:focus-visible, a:focus-visible { outline: 3px solid #d9480f; outline-offset: 2px; }
        form { display: inline-block; margin: 0 .25rem .25rem 0; }
        form.wide { display: block; margin: 0; }
        form input[type=number].cents { width: 6.5rem; }
        article { padding: .75rem 0; border-top: 1px solid #d4dde8; overflow-wrap: anywhere; }
        article:first-of-type { border-top: 0; }
        article p { margin: 0 0 .5rem; }
        .status { display: inline-block; padding: .1rem .5rem; border-radius: .4rem; background: #dfe8f2; font-size: .85rem; font-weight: 600; }
        .good { background: #d3f2dc; color: #0b4a1e; }
        .bad { background: #fbdcd6; color: #7a1705; }
        .small { font-size: .85rem; color: #34465c; }
        ul { margin: 0; padding: 0; list-style: none; }
        li { padding: .35rem 0; border-top: 1px solid #e6ecf3; font-size: .9rem; overflow-wrap: anywhere; }
        li:first-child { border-top: 0; }
        a { color: #004a8f; }
        """;

    private static readonly string[] Ends = ["approve", "decline", "cancel", "expire", "fail"];
    private static readonly string[] Switches = ["derSignatures"];

    public static string Of(
        IEnumerable<SimulatedPayment> payments,
        IReadOnlyList<SimulatedCallback> callbacks,
        PayconiqSimulatorWeather weather,
        IReadOnlyList<string> keys,
        DateTimeOffset now
    ) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>Simulated bank · Bancontact Pay / Wero</title>
            <link rel="stylesheet" href="{Path("board.css")}">
            </head>
            <body>
            <header class="label">Simulator — no real money</header>
            <main>
            <h1>Simulated Bancontact Pay / Wero</h1>
            <p class="small">{Time(
                now
            )} UTC · kept until this app stops · <a href="{Here}">Refresh</a> · <a href="{Path(
                "state"
            )}">as JSON</a></p>
            <section aria-labelledby="h-weather"><h2 id="h-weather">Weather</h2>{Weather(weather)}</section>
            <section aria-labelledby="h-payments"><h2 id="h-payments">Payments</h2>{Payments(payments, now)}</section>
            <section aria-labelledby="h-callbacks"><h2 id="h-callbacks">Callbacks</h2>{Callbacks(callbacks)}</section>
            <section aria-labelledby="h-keys"><h2 id="h-keys">Keys that sign callbacks</h2>{Keys(keys)}</section>
            </main>
            </body>
            </html>
            """;

    private static string Weather(PayconiqSimulatorWeather weather)
    {
        var fields = new StringBuilder();
        foreach (var (name, value) in SimulatorFields.ToJson(weather))
        {
            fields.Append(
                Switches.Contains(name)
                    ? $"""
                        <label>{Words(
                            name
                        )}<select name="{name}"><option value="false">no</option><option value="true"{(
                            value?.ToString() == "true" ? " selected" : ""
                        )}>yes</option></select></label>
                        """
                    : $"""<label>{Words(name)}<input type="number" name="{name}" min="0" value="{value}"></label>"""
            );
        }

        return $"""
            <form class="wide" method="post" action="{Path("weather")}">{From}<div class="fields">{fields}</div>
            <button class="main" id="set-weather" type="submit">Set the weather</button></form>
            <form class="wide" method="post" action="{Path(
                "weather"
            )}">{From}<input type="hidden" name="calm" value="true">
            <p></p><button id="calm" type="submit">Calm weather</button></form>
            """;
    }

    private static string Payments(IEnumerable<SimulatedPayment> payments, DateTimeOffset now)
    {
        var all = string.Concat(payments.Select(p => Payment(p, now)));
        return all.Length > 0 ? all : "<p>None yet: order something in the shop.</p>";
    }

    private static string Payment(SimulatedPayment payment, DateTimeOffset now)
    {
        var actions = payment.IsOpen
            ? $"""<p><a href="{Path("pay/" + payment.Id)}">Pay page</a></p>"""
                + string.Concat(Ends.Select(a => Action(payment, a, Title(a))))
            : Action(payment, "callback", "Send the callback again")
                + (payment is { Status: "SUCCEEDED", Kept: > 0 } ? RefundForm(payment) : "");
        return $"""
            <article>
            <p><strong>{Euros(payment.Amount)}</strong> <span class="status{Tone(payment.Status)}">{payment.Status}</span>
            {Text(payment.Description ?? "")}</p>
            <p class="small">{payment.Id} · made {Time(payment.CreatedAt)}{(
                payment.IsOpen ? $" · payable until {Time(payment.ExpiresAt)}" : ""
            )} · reference {Text(payment.Reference ?? "none")}</p>
            {string.Concat(payment.Refunds.Select(r => Refund(r, now)))}
            {actions}
            </article>
            """;
    }

    private static string Refund(SimulatedRefund refund, DateTimeOffset now)
    {
        var status = refund.StatusAt(now);
        var fail =
            status == "PENDING"
                ? $"""<form method="post" action="{Path($"payments/{refund.PaymentId}/refunds/{refund.Id}/fail")}">{From}<button type="submit">Have it fail</button></form>"""
                : "";
        return $"""
            <p>Refund of {Euros(refund.Amount)} {(refund.Key is null ? "in the portal" : "by the shop")}
            <span class="status{Tone(status)}">{status}</span> {fail}</p>
            """;
    }

    private static string RefundForm(SimulatedPayment payment) =>
        $"""
            <form method="post" action="{Path($"payments/{payment.Id}/refunds")}">{From}
            <input class="cents" type="number" name="amount" min="1" max="{payment.Kept}" value="{payment.Kept}" aria-label="Cents to refund">
            <button type="submit">Refund cents in the portal</button></form>
            """;

    private static string Callbacks(IReadOnlyList<SimulatedCallback> callbacks) =>
        callbacks.Count == 0
            ? "<p>None yet.</p>"
            : "<ul>"
                + string.Concat(
                    callbacks
                        .Take(100)
                        .Select(c =>
                            $"<li>{Time(c.At)} · {c.PaymentId} · {c.Status} → <strong>{Text(c.Outcome)}</strong></li>"
                        )
                )
                + "</ul>";

    private static string Keys(IReadOnlyList<string> keys) =>
        "<ul>"
        + string.Concat(keys.Select((k, i) => $"<li>{k}{(i == 0 ? " · signs" : " · still published")}</li>"))
        + $"""
            </ul><p></p>
            <form method="post" action="{Path("keys/rotate")}">{From}<button type="submit">New key</button></form>
            <form method="post" action="{Path(
                "keys/retire"
            )}">{From}<button type="submit">Retire old keys</button></form>
            """;

    private static string Action(SimulatedPayment payment, string action, string text) =>
        $"""<form method="post" action="{Path($"payments/{payment.Id}/{action}")}">{From}<button type="submit">{text}</button></form>""";

    private const string From = """<input type="hidden" name="page" value="board">""";

    // Relative, for apps below a path of their own: the page's address ends in this segment.
    private const string Here = "bancontact";

    private static string Path(string path) => Here + "/" + path;

    private static string Title(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Words(string name) =>
        name switch
        {
            "callbackDelayMs" => "Callbacks late by (ms)",
            "callbackSpreadMs" => "… and up to this much more (ms)",
            "callbackCopies" => "Copies of each callback",
            "callbackLostPercent" => "Callbacks lost (%)",
            "callbackCorruptPercent" => "Callbacks corrupted (%)",
            "apiDelayMs" => "API answers after (ms)",
            "apiFailPercent" => "API calls that fail (%)",
            "apiLostPercent" => "API answers lost after effect (%)",
            "paymentSeconds" => "New payments payable for (s)",
            "derSignatures" => "Signatures in DER",
            _ => Text(name),
        };

    private static string Tone(string status) =>
        status switch
        {
            "SUCCEEDED" or "REFUNDED" => " good",
            "PENDING" or "IDENTIFIED" => "",
            _ => " bad",
        };

    private static string Euros(long cents) =>
        string.Create(CultureInfo.InvariantCulture, $"€{cents / 100}.{cents % 100:00}");

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
