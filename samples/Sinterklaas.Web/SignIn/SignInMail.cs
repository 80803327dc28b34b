namespace Sinterklaas.Web.SignIn;

internal static class SignInMail
{
    public static Mail.Mail Write(string email, string code, int minutes) =>
        new(
            email,
            $"Je code is {code}",
            $"""
            Dag!

            Je code om aan te melden bij Sinterklaas schrijft terug is {code}.
            Typ hem in op de pagina waar je hem vroeg. Hij werkt {minutes} minuten, en één keer.

            Vroeg je geen code? Dan hoef je niets te doen: zonder deze code komt niemand binnen.

            Tot gauw,
            het postkantoor van Sinterklaas
            """
        );
}
