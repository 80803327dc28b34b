namespace Sinterklaas.Web.Mails;

/// <summary>The mail with a code, in the language of the page that asked for it.</summary>
public sealed class SignInMailer(IMailSender mails, IStringLocalizer<Texts> T) : ISignInMailer
{
    public Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
    {
        var text = $"""
            {T["Dag!"]}

            {T["Je code om aan te melden bij Sinterklaas schrijft terug is {0}.", mail.Code]}
            {T[
                "Typ hem in op de pagina waar je hem vroeg. Hij werkt {0} minuten, en één keer.",
                mail.CodeTime.TotalMinutes
            ]}

            {T["Vroeg je geen code? Dan hoef je niets te doen: zonder deze code komt niemand binnen."]}

            {T["Tot gauw,"]}
            {T["het postkantoor van Sinterklaas"]}
            """;
        return mails.SendAsync(new Mail(mail.Email, T["Je code is {0}", mail.Code], text), cancellationToken);
    }
}
