using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.Extensions.WebEncoders;

namespace Sinterklaas.Web.Site;

/// <summary>Pages, their safety, and what happens when something goes wrong.</summary>
public static class SiteSetup
{
    public static void AddSite(this WebApplicationBuilder builder)
    {
        var services = builder.Services;

        // UseCrossSiteGuard decides by headers for forms and scripts alike, so that pages need no token of their own.
        services
            .AddRazorPages()
            .AddMvcOptions(o =>
            {
                o.Filters.Add(new IgnoreAntiforgeryTokenAttribute());
                o.Filters.Add(new RefuseUnreadableForms());
            })
            .AddRazorPagesOptions(o => o.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute()));
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
        services.AddLanguages();
        services.AddProblemDetails();
        services.AddResponseCompression();
        services.AddHealthChecks().AddPayPerUse();
        services.AddScoped<CreditsLeft>();
        services.AddFreeLimit();
    }

    public static void UseSite(this WebApplication app)
    {
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
        app.UseRateLimiter();
        app.MapLanguages();
        app.MapStaticAssets();
        app.MapRazorPages().WithStaticAssets();
        app.MapHealthChecks("/health");
    }
}
