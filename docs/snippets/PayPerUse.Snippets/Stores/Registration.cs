using PayPerUse.Credits;

namespace PayPerUse.Snippets.Stores;

public static class Registration
{
    public static void Register(WebApplicationBuilder builder)
    {
        #region register-store
        builder.Services.AddPayPerUse();
        builder.Services.AddSingleton<DocumentCreditStore>();
        builder.Services.AddSingleton<ICreditStore>(p => p.GetRequiredService<DocumentCreditStore>());
        builder.Services.AddSingleton<ICreditVersions>(p => p.GetRequiredService<DocumentCreditStore>());
        builder.Services.AddSingleton<IDueCredits>(p => p.GetRequiredService<DocumentCreditStore>());
        #endregion
    }
}
