using Microsoft.Extensions.Localization;
using PayPerUse.SignIn;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.SignIn;

/// <summary>Sign-in by a mailed code: PayPerUse.SignIn with our mail, our pages and our words.</summary>
public static class SignInSetup
{
    public static void AddSignIn(this WebApplicationBuilder builder) =>
        builder
            .Services.AddSignIn<AppDbContext>(builder.Configuration.GetSection("SignIn"), o => o.ErrorText = Describe)
            .AddSignInViews("/Pages/SignIn/AskEmail.cshtml", "/Pages/SignIn/AskCode.cshtml")
            .AddSingleton<ISignInMailer, SignInMailer>();

    private static string Describe(HttpContext context, SignInError error)
    {
        var T = context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        return error switch
        {
            SignInError.InvalidEmail => T["Vul een e-mailadres in, zoals naam@voorbeeld.be."],
            SignInError.MissingCode => T["Vul de zes cijfers uit de mail in."],
            SignInError.TooManyMails => T["Er zijn al veel codes gestuurd. Probeer het straks opnieuw."],
            SignInError.TooManyTries => T[
                "Er zijn te veel foute codes ingevuld voor dit adres. Probeer het later opnieuw."
            ],
            SignInError.MailFailed => T["De mail raakte niet weg. Probeer het over een minuut opnieuw."],
            _ => T[
                "Die code klopt niet of werkt niet meer. Kijk nog eens in de nieuwste mail, of vraag een nieuwe code."
            ],
        };
    }
}
