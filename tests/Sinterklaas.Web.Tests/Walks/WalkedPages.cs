using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Walks;

/// <summary>Which pages there are, by who sees them.</summary>
internal static class WalkedPages
{
    private static readonly int[] Errors = [400, 401, 402, 403, 405, 409, 429, 500, 503];

    /// <param name="tab">Of somebody who asked for a code.</param>
    public static IEnumerable<WalkedPage> OfStranger(IPage tab) =>
        [
            new(tab, "begin", "/"),
            new(tab, "aanmelden", "/signin"),
            new(tab, "aanmelden-geweigerd", "/signin", Acts.AskRefusedCodeAsync),
            new(tab, "code", "/signin/verify"),
            new(tab, "code-geweigerd", "/signin", Acts.GiveWrongCodeAsync),
            new(tab, "niets-gevonden", "/bestaat-niet"),
            .. Errors.Select(code => new WalkedPage(tab, $"fout-{code}", $"/fout/{code}")),
        ];

    /// <param name="tab">Of somebody who got links.</param>
    /// <param name="made">What they lead to.</param>
    public static IEnumerable<WalkedPage> OfReader(IPage tab, Made made) =>
        [
            new(tab, "gedeelde-brief", made.SharedLetter),
            new(tab, "gedeelde-boodschap", made.SharedAudio, Acts.OpenDetailsAsync),
        ];

    /// <param name="tab">Of the phone that pays.</param>
    /// <param name="paid">A payment.</param>
    /// <param name="canceled">Another.</param>
    /// <param name="waiting">One that can still be paid.</param>
    public static IEnumerable<WalkedPage> OfPhone(IPage tab, Ordered paid, Ordered canceled, Ordered waiting) =>
        [
            new(tab, "betaling-gelukt", paid.Return),
            new(tab, "betaling-geannuleerd", canceled.Return),
            new(tab, "betaling-onderweg", waiting.Return),
            new(tab, "betaling-onbekend", $"/payments/{new string('0', 32)}/return"),
            new(tab, "bank", waiting.Checkout),
            new(tab, "bank-betaald", paid.Checkout),
            new(tab, "bank-onbekend", "/simulator/bancontact/pay/" + new string('0', 24)),
            new(tab, "bank-bord", "/simulator/bancontact") { OnlyIn = "en" },
            new(tab, "postvak", "/dev/mailbox") { OnlyIn = "en" },
        ];

    /// <param name="tab">Of somebody without an account.</param>
    public static IEnumerable<WalkedPage> OfGuest(IPage tab) =>
        [new(tab, "begin-als-gast", "/"), new(tab, "credits-als-gast", "/tegoed")];

    /// <param name="tab">Of somebody who signed in and has no credits, and left something on this device before.</param>
    public static IEnumerable<WalkedPage> OfNewcomer(IPage tab) =>
        [
            new(tab, "begin-leeg", "/"),
            new(tab, "formulier", "/", Acts.OpenDetailsAsync),
            new(tab, "formulier-geweigerd", "/", Acts.SendRefusedFormAsync),
            new(tab, "betalen-zonder-script", "/", Acts.AskWithoutScriptAsync),
            new(tab, "betaalmuur", "/tegoed", Acts.OpenPaywallAsync),
            new(tab, "betaalmuur-voor-brief", "/", Acts.AskPaywallAsync),
            new(tab, "betaalmuur-geannuleerd", "/tegoed", Acts.CancelOrderAsync),
        ];

    /// <param name="tab">Of somebody who is about to pay.</param>
    public static IEnumerable<WalkedPage> OfPayer(IPage tab) =>
        [
            new(tab, "betalen-zonder-script-met-code", "/", Acts.OrderWithoutScriptAsync),
            new(tab, "betaalmuur-met-code", "/tegoed", Acts.OrderAsync),
        ];

    /// <param name="tab">Of somebody who paid.</param>
    /// <param name="made">What they got for it.</param>
    /// <param name="paid">The payment.</param>
    public static IEnumerable<WalkedPage> OfParent(IPage tab, Made made, Ordered paid) =>
        [
            new(tab, "begin-met-post", "/"),
            new(tab, "brief", made.Letter),
            new(tab, "brief-delen", made.Letter, Acts.ShareAsync),
            new(tab, "boodschap", made.Audio),
            new(tab, "credits", "/tegoed"),
            new(tab, "ontvangstbewijs", paid.Receipt),
            new(tab, "herroepen", "/herroepen"),
            new(tab, "verwijderen", "/account/verwijderen"),
        ];
}
