using Microsoft.EntityFrameworkCore;
using PayPerUse.Payments;

/// <summary>What README shows first.</summary>
public static class TenLines
{
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        // csharpier-ignore-start
        #region ten-lines
        builder.Services.AddPayPerUse(o => o.RateLimit = new(30, TimeSpan.FromMinutes(1)))
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddAction("letter", credits: 1)
            .UseEntityFrameworkCore<AppDbContext>()
            .AddStripe(builder.Configuration.GetSection("Stripe"))
            .AddPayconiq(builder.Configuration.GetSection("Payconiq"));

        var app = builder.Build();
        app.MapPayPerUse();                                            // /credits/* and /payments/*
        app.MapPost("/letters", WriteLetter).RequireCredits("letter"); // reserve → run → commit, or 402
        #endregion
        // csharpier-ignore-end
        return app;
    }

    private static IResult WriteLetter() => Results.Ok(new { text = "Dear child, …" });
}
