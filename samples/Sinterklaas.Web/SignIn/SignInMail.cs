using Microsoft.Extensions.Localization;

namespace Sinterklaas.Web.SignIn;

/// <summary>The mail with the code, in the language of the page that asked for it.</summary>
public sealed class SignInMail(IStringLocalizer<Texts> T)
{
    public Mail.Mail Write(string email, string code, int minutes) =>
        new(
            email,
            T["Je code is {0}", code],
            $"""
            {T["Dag!"]}

            {T["Je code om aan te melden bij Sinterklaas schrijft terug is {0}.", code]}
            {T["Typ hem in op de pagina waar je hem vroeg. Hij werkt {0} minuten, en één keer.", minutes]}

            {T["Vroeg je geen code? Dan hoef je niets te doen: zonder deze code komt niemand binnen."]}

            {T["Tot gauw,"]}
            {T["het postkantoor van Sinterklaas"]}
            """
        );
}
