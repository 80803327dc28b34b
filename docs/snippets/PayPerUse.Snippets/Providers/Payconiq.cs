using PayPerUse.Payments;

namespace PayPerUse.Snippets.Providers;

public static class Payconiq
{
    public static IPayPerUseBuilder Real(WebApplicationBuilder builder) =>
        #region payconiq
        builder
            .Services.AddPayPerUse()
            .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
            .AddPayconiq(builder.Configuration.GetSection("Payconiq"));
        #endregion

    public static void Simulated(IPayPerUseBuilder payPerUse, WebApplication app)
    {
        #region payconiq-simulator
        payPerUse.AddPayconiqSimulator(); // Development only
        app.MapPayconiqSimulator(); // /simulator/bancontact
        #endregion
    }
}
