using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn;

namespace PayPerUse.Snippets;

/// <summary>What docs/sign-in.md and the package's readme show.</summary>
public static class SignIn
{
    public static void Add(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region sign-in
        builder.Services.AddSignIn<AppDbContext>(builder.Configuration.GetSection("SignIn"))
            .AddSignInViews("/Pages/SignIn/AskEmail.cshtml", "/Pages/SignIn/AskCode.cshtml")
            .AddSingleton<ISignInMailer, SignInMailer>();

        var app = builder.Build();
        app.UseSignIn();
        app.UseAuthorization();
        app.MapSignIn();                  // /signin, /signin/verify, /signout
        #endregion
        // csharpier-ignore-end
    }

    public static void Redirect(WebApplicationBuilder builder)
    {
        #region sign-in-redirect
        builder.Services.Configure<SignInOptions>(o =>
            o.RedirectAfterSignIn = (context, returnUrl) =>
                ValueTask.FromResult(
                    context.Request.Cookies.ContainsKey("basket")
                        ? "/basket?returnUrl=" + Uri.EscapeDataString(returnUrl)
                        : returnUrl
                )
        );
        #endregion
    }
}

public sealed record SmtpSettings(string Host, string From);

#region sign-in-context
public sealed class ShopDbContext(DbContextOptions<ShopDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UsePayPerUse();
        modelBuilder.UsePayPerUseSignIn();
    }
}
#endregion

#region sign-in-mailer
public sealed class SignInMailer(SmtpSettings smtp) : ISignInMailer
{
    public async Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
    {
        var subject = mail.Language.TwoLetterISOLanguageName == "nl" ? "Je code" : "Your code";
        using var message = new MailMessage(smtp.From, mail.Email, subject, mail.Code);
        using var client = new SmtpClient(smtp.Host) { EnableSsl = true };
        try
        {
            await client.SendMailAsync(message, cancellationToken);
        }
        catch (SmtpException e)
        {
            throw new SignInMailException("The mail server did not take the mail.", e);
        }
    }
}
#endregion
