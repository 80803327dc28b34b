using Microsoft.Extensions.Localization;

namespace Sinterklaas.Web.SignIn;

/// <summary>What can go wrong, in the visitor's language.</summary>
public sealed class SignInTexts(IStringLocalizer<Texts> T)
{
    public string BadEmail => T["Vul een e-mailadres in, zoals naam@voorbeeld.be."];
    public string NoCode => T["Vul de zes cijfers uit de mail in."];
    public string WrongCode =>
        T["Die code klopt niet of werkt niet meer. Kijk nog eens in de nieuwste mail, of vraag een nieuwe code."];
    public string TooManyMails => T["Er zijn al veel codes gestuurd. Probeer het straks opnieuw."];
    public string TooManyTries => T["Er zijn te veel foute codes ingevuld voor dit adres. Probeer het later opnieuw."];
    public string MailFailed => T["De mail raakte niet weg. Probeer het over een minuut opnieuw."];
}
