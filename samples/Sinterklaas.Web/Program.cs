using Microsoft.Extensions.Options;
using Sinterklaas.Web;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Mail;
using Sinterklaas.Web.Paywall;
using Sinterklaas.Web.SignIn;
using Sinterklaas.Web.Site;

try
{
    var builder = WebApplication.CreateBuilder(LanAddress.Without(args));
    builder.UseLan(args);
    builder.AddDatabase();
    builder.AddMail();
    builder.AddSignIn();
    builder.AddCreditsForSale();
    builder.Services.AddMakers(builder.Configuration);
    builder.AddSite();

    var app = builder.Build();
    await app.PrepareDatabaseAsync();
    if (await app.RunPayPerUseCommandAsync(args) is { } exit)
    {
        return exit;
    }

    app.UseSite();
    app.MapPayPerUse();
    app.MapPaymentSimulator();
    app.MapSignIn();
    app.MapGifts();
    app.MapAccountData("/account/gegevens", "sinterklaas.json").RequireAuthorization();
    app.MapLocalMailbox();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is StartupException or OptionsValidationException)
{
    // Which setting is wrong is all that helps here.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
