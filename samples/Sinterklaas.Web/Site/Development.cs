using Microsoft.Extensions.Options;
using PayPerUse.Payments;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Mail;
using Sinterklaas.Web.Voices;

namespace Sinterklaas.Web.Site;

/// <summary>What is pretended on this machine, for the bar at the foot of the page.</summary>
public sealed class Development(IMailSender mails, IVoice voice, IEnumerable<IPaymentProvider> providers)
{
    public bool HasMailbox => mails is LocalMailbox;

    public string Describe() =>
        string.Join(
            " · ",
            HasMailbox ? "mails blijven in de mailbox" : "mails gaan via SMTP",
            providers.All(p => p.Mode == PaymentMode.Test) ? "betalen is een spel" : "betalen is echt",
            voice.IsAvailable ? "stem op de server" : "stem van de browser"
        );
}
