using Microsoft.Extensions.Localization;
using PayPerUse.Payments;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Mail;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Site;

/// <summary>What is pretended on this machine, for the bar at the foot of the page.</summary>
public sealed class Development(
    IMailSender mails,
    IVoice voice,
    IEnumerable<IPaymentProvider> providers,
    IStringLocalizer<Texts> T
)
{
    public bool HasMailbox => mails is LocalMailbox;

    public string Describe() =>
        string.Join(
            " · ",
            HasMailbox ? T["mails blijven in de mailbox"] : T["mails gaan via SMTP"],
            providers.All(p => p.Mode == PaymentMode.Test) ? T["betalen is een spel"] : T["betalen is echt"],
            voice.IsAvailable ? T["stem op de server"] : T["stem van de browser"]
        );
}
