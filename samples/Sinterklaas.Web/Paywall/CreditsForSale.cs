namespace Sinterklaas.Web.Paywall;

/// <summary>One euro buys five letters or audio messages.</summary>
public static class CreditsForSale
{
    public static void AddCreditsForSale(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var stripe = configuration.GetSection("Stripe");
        var payconiq = configuration.GetSection("Payconiq");

        var payPerUse = builder
            .Services.AddPayPerUse(o => o.RateLimit ??= new(30, TimeSpan.FromMinutes(1)))
            .AddPack(
                new CreditPack("five", credits: 5, Money.Euro(1.00m), name: "5 credits voor Sinterklaas")
                {
                    Names = new Dictionary<string, string>
                    {
                        ["fr"] = "5 crédits pour saint Nicolas",
                        ["de"] = "5 Credits für den Nikolaus",
                        ["en"] = "5 credits for Saint Nicholas",
                    },
                }
            )
            .AddAction("letter", credits: 1)
            .AddAction("audio", credits: 1)
            .UseEntityFrameworkCore<AppDbContext>()
            .AddGuestWallets()
            .AddAccountRows<AppDbContext, Gift>("gifts", g => g.UserId)
            .AddSeller(configuration.GetSection("Seller"))
            .AddCreditEvents<PaymentMails>();
        builder.Services.Configure<PayPerUseHttpOptions>(o => o.Paywall = ShowPaywall);

        if (IsSet(stripe))
        {
            payPerUse.AddStripe(stripe);
        }

        if (builder.Environment.IsDevelopment())
        {
            payPerUse.AddPayconiqSimulator(payconiq.GetSection("Simulator"));
        }

        // With neither, the host does not start, and says what is missing here.
        if (IsSet(payconiq) || !IsSet(stripe))
        {
            payPerUse.AddPayconiq(payconiq);
        }
    }

    private static bool IsSet(IConfigurationSection provider) => !string.IsNullOrWhiteSpace(provider["ApiKey"]);

    // A browser without scripts gets a page, made by the error page; a script is told in JSON.
    private static ValueTask<IResult?> ShowPaywall(HttpContext context, InsufficientCredits refused) =>
        ValueTask.FromResult(
            context.Request.HasFormContentType ? Results.StatusCode(StatusCodes.Status402PaymentRequired) : null
        );
}
