namespace PayPerUse.Snippets;

internal static class Selling
{
    public static void Configure(WebApplicationBuilder builder)
    {
        #region selling-add
        builder
            .Services.AddPayPerUse(o =>
            {
                o.RequiredConsent = "2026-1";
                o.Withdrawal.Days = 14;
            })
            .AddSeller(builder.Configuration.GetSection("Seller"));
        #endregion
    }
}
