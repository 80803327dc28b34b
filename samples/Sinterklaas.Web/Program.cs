using Sinterklaas.Web;

try
{
    var builder = WebApplication.CreateBuilder(args.WithoutLan());
    if (builder.UseLan(args))
    {
        builder.Configuration["Payconiq:Simulator:AllowRemotePayPage"] ??= "true";
    }

    builder.AddDatabase();
    builder
        .Services.AddSignIn<AppDbContext>(builder.Configuration.GetSection("SignIn"))
        .AddSignInViews("/Pages/SignIn/AskEmail.cshtml", "/Pages/SignIn/AskCode.cshtml")
        .AddMailSender(builder.Configuration)
        .AddOptions<SignInOptions>()
        .Configure<IStringLocalizer<Texts>>((o, T) => o.Signature = () => T["het postkantoor van Sinterklaas"]);
    builder.AddCreditsForSale();
    builder.Services.AddMakers(builder.Configuration);
    builder.AddSite();

    var app = builder.Build();
    app.CheckSettings();
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
catch (PayPerUseException e)
{
    // Which setting is wrong is all that helps here.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
