namespace Sinterklaas.Web.SignIn;

internal static class SignInTexts
{
    public const string BadEmail = "Vul een e-mailadres in, zoals naam@voorbeeld.be.";
    public const string NoCode = "Vul de zes cijfers uit de mail in.";
    public const string WrongCode =
        "Die code klopt niet of werkt niet meer. Kijk nog eens in de nieuwste mail, of vraag een nieuwe code.";
    public const string TooManyMails = "Er zijn al veel codes gestuurd. Probeer het straks opnieuw.";
    public const string TooManyTries =
        "Er zijn te veel foute codes ingevuld voor dit adres. Probeer het later opnieuw.";
    public const string MailFailed = "De mail raakte niet weg. Probeer het over een minuut opnieuw.";
}
