using System.Globalization;
using Microsoft.Extensions.Options;

namespace PayPerUse.SignIn.Mailing;

/// <summary>Mails a code for an app that has no words of its own: in the visitor's language, or else in English.</summary>
internal sealed class CodeMailer(IMailSender mails, IOptions<SignInOptions> options) : ISignInMailer
{
    public Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
    {
        var minutes = mail.CodeTime.TotalMinutes.ToString("0", CultureInfo.InvariantCulture);
        var (subject, text, bye) = mail.Language.TwoLetterISOLanguageName switch
        {
            "nl" => (
                $"Je code is {mail.Code}",
                $"""
                Dag!

                Je code om aan te melden is {mail.Code}.
                Typ hem in op de pagina waar je hem vroeg. Hij werkt {minutes} minuten, en één keer.

                Vroeg je geen code? Dan hoef je niets te doen: zonder deze code komt niemand binnen.
                """,
                "Tot gauw,"
            ),
            "fr" => (
                $"Votre code est {mail.Code}",
                $"""
                Bonjour !

                Votre code pour vous connecter est {mail.Code}.
                Tapez-le sur la page où vous l’avez demandé. Il fonctionne {minutes} minutes, et une seule fois.

                Vous n’avez pas demandé de code ? Vous n’avez rien à faire : sans ce code, personne n’entre.
                """,
                "À bientôt,"
            ),
            "de" => (
                $"Code zum Anmelden: {mail.Code}",
                $"""
                Guten Tag!

                Der Code zum Anmelden ist {mail.Code}.
                Er gehört auf die Seite, auf der er angefordert wurde, und gilt {minutes} Minuten und nur einmal.

                Kein Code angefordert? Dann ist nichts zu tun: ohne diesen Code kommt niemand hinein.
                """,
                "Bis bald,"
            ),
            _ => (
                $"Your code is {mail.Code}",
                $"""
                Hello!

                Your code to sign in is {mail.Code}.
                Type it on the page where you asked for it. It works for {minutes} minutes, and once.

                You did not ask for a code? Then there is nothing to do: without this code nobody gets in.
                """,
                "See you soon,"
            ),
        };
        var signed = options.Value.Signature?.Invoke() is { } signature ? $"{text}\n\n{bye}\n{signature}" : text;
        return mails.SendAsync(new Mail(mail.Email, subject, signed), cancellationToken);
    }
}
