using System.Globalization;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>What an app says that has no words of its own: in the language of the request, or else in English.</summary>
internal static class SignInErrorTexts
{
    public static string Of(SignInError error) =>
        (error, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) switch
        {
            (SignInError.InvalidEmail, "nl") => "Vul een e-mailadres in, zoals naam@voorbeeld.be.",
            (SignInError.InvalidEmail, "fr") => "Entrez une adresse e-mail, comme nom@exemple.be.",
            (SignInError.InvalidEmail, "de") => "Bitte eine E-Mail-Adresse eingeben, zum Beispiel name@beispiel.be.",
            (SignInError.InvalidEmail, _) => "Fill in an e-mail address, such as name@example.com.",

            (SignInError.MissingCode, "nl") => "Vul de zes cijfers uit de mail in.",
            (SignInError.MissingCode, "fr") => "Entrez les six chiffres du mail.",
            (SignInError.MissingCode, "de") => "Bitte die sechs Ziffern aus der E-Mail eingeben.",
            (SignInError.MissingCode, _) => "Fill in the six digits from the mail.",

            (SignInError.TooManyMails, "nl") => "Er zijn al veel codes gestuurd. Probeer het straks opnieuw.",
            (SignInError.TooManyMails, "fr") => "Beaucoup de codes ont déjà été envoyés. Réessayez plus tard.",
            (SignInError.TooManyMails, "de") =>
                "Es wurden schon viele Codes verschickt. Bitte später noch einmal versuchen.",
            (SignInError.TooManyMails, _) => "Many codes have been sent already. Try again later.",

            (SignInError.TooManyTries, "nl") =>
                "Er zijn te veel foute codes ingevuld voor dit adres. Probeer het later opnieuw.",
            (SignInError.TooManyTries, "fr") => "Trop de codes erronés pour cette adresse. Réessayez plus tard.",
            (SignInError.TooManyTries, "de") =>
                "Für diese Adresse wurden zu viele falsche Codes eingegeben. Bitte später noch einmal versuchen.",
            (SignInError.TooManyTries, _) => "Too many wrong codes were tried for this address. Try again later.",

            (SignInError.MailFailed, "nl") => "De mail raakte niet weg. Probeer het over een minuut opnieuw.",
            (SignInError.MailFailed, "fr") => "Le mail n’est pas parti. Réessayez dans une minute.",
            (SignInError.MailFailed, "de") =>
                "Die E-Mail konnte nicht verschickt werden. Bitte in einer Minute noch einmal versuchen.",
            (SignInError.MailFailed, _) => "The mail did not leave. Try again in a minute.",

            (_, "nl") =>
                "Die code klopt niet of werkt niet meer. Kijk nog eens in de nieuwste mail, of vraag een nieuwe code.",
            (_, "fr") =>
                "Ce code n’est pas correct ou ne fonctionne plus. Regardez dans le mail le plus récent, ou demandez un nouveau code.",
            (_, "de") =>
                "Dieser Code stimmt nicht oder gilt nicht mehr. Bitte in der neuesten E-Mail nachsehen oder einen neuen Code anfordern.",
            _ => "That code is wrong or no longer works. Look at the newest mail, or ask for a new code.",
        };
}
