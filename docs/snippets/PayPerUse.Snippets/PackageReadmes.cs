using Microsoft.EntityFrameworkCore;
using PayPerUse.Payments;

namespace PayPerUse.Snippets;

/// <summary>What the readme of each package shows.</summary>
public static class PackageReadmes
{
    public static void Core(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region core
        builder.Services.AddPayPerUse()
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddAction("letter", credits: 1);

        var app = builder.Build();
        app.MapPayPerUse();
        app.MapPost("/letters", () => "Dear child, …").RequireCredits("letter");
        #endregion
        // csharpier-ignore-end
    }

    public static void EfCore(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region efcore
        builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite("Data Source=app.db"));
        builder.Services.AddPayPerUse()
            .UseEntityFrameworkCore<AppDbContext>();
        #endregion
        // csharpier-ignore-end
    }

    public static void Payconiq(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region payconiq
        builder.Services.AddPayPerUse()
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddPayconiq(builder.Configuration.GetSection("Payconiq"));
        #endregion
        // csharpier-ignore-end
    }

    public static void PayconiqSimulator(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region payconiq-simulator
        builder.Services.AddPayPerUse()
            .AddPayconiqSimulator();      // Development only

        var app = builder.Build();
        app.MapPayconiqSimulator();       // /simulator/bancontact
        #endregion
        // csharpier-ignore-end
    }

    public static void Stripe(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region stripe
        builder.Services.AddPayPerUse()
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddStripe(builder.Configuration.GetSection("Stripe"));
        #endregion
        // csharpier-ignore-end
    }
}
