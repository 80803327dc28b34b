using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Mail;

/// <summary>SMTP when it is configured; in development a mailbox on this machine.</summary>
public static class MailSetup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var smtp = builder.Configuration.GetSection("Smtp");
        if (!string.IsNullOrWhiteSpace(smtp["Host"]))
        {
            builder.Services.AddOptions<SmtpOptions>().Bind(smtp).ValidateDataAnnotations().ValidateOnStart();
            builder.Services.AddSingleton<IMailSender, SmtpMailSender>();
        }
        else if (builder.Environment.IsDevelopment())
        {
            builder.Services.AddSingleton<LocalMailbox>();
            builder.Services.AddSingleton<IMailSender>(p => p.GetRequiredService<LocalMailbox>());
        }
        else
        {
            throw new StartupException("Codes cannot be mailed: set Smtp:Host and Smtp:From.");
        }
    }

    /// <summary><c>GET /dev/mail?to=EMAIL</c>, newest first, for people and scripts on this machine.</summary>
    public static void MapLocalMailbox(this WebApplication app)
    {
        if (app.Services.GetService<LocalMailbox>() is { } mailbox)
        {
            app.MapGet("/dev/mail", (string? to, HttpContext context) => ReadAsync(mailbox, to, context));
        }
    }

    /// <summary>Codes are for whoever sits at this machine, unless an option says in so many words that everyone may read them.</summary>
    public static bool CanReadMailbox(this HttpContext context) =>
        ThisMachine.IsPeerOf(context)
        || context.RequestServices.GetRequiredService<IConfiguration>().GetValue<bool>("LocalMailbox:AnswerEveryone");

    private static async Task<IResult> ReadAsync(LocalMailbox mailbox, string? to, HttpContext context)
    {
        if (!context.CanReadMailbox())
        {
            return Results.NotFound();
        }

        var mails = await mailbox.ReadAsync(to?.Trim().ToLowerInvariant(), context.RequestAborted);
        return Results.Json(
            mails.Select(m => new
            {
                m.To,
                m.Subject,
                m.Text,
                m.At,
            })
        );
    }
}
