using Microsoft.EntityFrameworkCore;
using PayPerUse.SignIn;
using PayPerUse.SignIn.Mailing;

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
            .AddMailSender(builder.Configuration);

        var app = builder.Build();
        app.UseSignIn();
        app.UseAuthorization();
        app.MapSignIn();                  // /signin, /signin/verify, /signout
        app.MapLocalMailbox();            // /dev/mailbox, in Development
        #endregion
        // csharpier-ignore-end
    }

    public static void OwnWords(WebApplicationBuilder builder)
    {
        #region sign-in-words
        builder.Services.AddSingleton<ISignInMailer, SignInMailer>();
        #endregion
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

#region sign-in-context
public sealed class ShopDbContext(DbContextOptions<ShopDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.UsePayPerUse();
        modelBuilder.UsePayPerUseSignIn();
        modelBuilder.UseLocalMailbox();
    }
}
#endregion

#region sign-in-mailer
public sealed class SignInMailer(IMailSender mails) : ISignInMailer
{
    public Task SendAsync(SignInMail mail, CancellationToken cancellationToken)
    {
        var subject = mail.Language.TwoLetterISOLanguageName == "nl" ? "Je code" : "Your code";
        return mails.SendAsync(new Mail(mail.Email, subject, mail.Code), cancellationToken);
    }
}
#endregion
