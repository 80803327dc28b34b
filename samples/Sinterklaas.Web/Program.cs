using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;
using Sinterklaas.Web;

try
{
    var builder = WebApplication.CreateBuilder(args.WithoutLan());
    if (builder.UseLan(args))
    {
        builder.Configuration["Payconiq:Simulator:AllowRemotePayPage"] ??= "true";
    }

    var services = builder.Services;
    builder.AddDatabase();
    services
        .AddSignIn<AppDbContext>(builder.Configuration.GetSection("SignIn"))
        .AddSignInViews("/Pages/SignIn/AskEmail.cshtml", "/Pages/SignIn/AskCode.cshtml")
        .AddMailSender(builder.Configuration)
        .AddOptions<SignInOptions>()
        .Configure<IStringLocalizer<Texts>>((o, T) => o.Signature = () => T["het postkantoor van Sinterklaas"]);
    builder.AddCreditsForSale();
    services.AddMakers(builder.Configuration);
    services.AddRazorPages().AddGuardedForms();
    services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
    services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
    services.AddLocalization(o => o.ResourcesPath = "Texts").AddLanguages([.. Languages.Names.Keys]);
    services.AddProblemDetails().AddResponseCompression();
    services.AddHealthChecks().AddPayPerUse();

    var app = builder.Build();
    app.CheckSettings();
    await app.MigrateInTurnAsync<AppDbContext>(app.Services.MakeFirstKeyAsync);
    if (await app.RunPayPerUseCommandAsync(args) is { } exit)
    {
        return exit;
    }

    app.UseSecurityHeaders();
    app.UseResponseCompression();
    app.UseRequestLocalization();
    if (!app.Environment.IsDevelopment())
    {
        app.UseExceptionHandler("/fout/500");
        app.UseHsts();
    }

    app.UseStatusCodePagesWithReExecute("/fout/{0}");
    app.UseRouting();
    app.UseSignIn();
    app.UseGuestWallets();
    app.UseAuthorization();
    app.UseCrossSiteGuard();

    app.MapPayPerUse();
    app.MapSignIn();
    app.MapLocalMailbox();
    app.MapGifts();
    app.MapAccountData("/account/gegevens", "sinterklaas.json").RequireAuthorization();
    app.MapLanguages();
    app.MapStaticAssets();
    app.MapRazorPages().WithStaticAssets();
    app.MapHealthChecks("/health");
    if (app.Environment.IsDevelopment())
    {
        app.MapPayconiqSimulator();
    }

    await app.RunAsync();
    return 0;
}
catch (PayPerUseException e)
{
    // Which setting is wrong is all that helps here.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
