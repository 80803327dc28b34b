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
        services.AddRazorPages().AddGuardedForms();
        services.Configure<WebEncoderOptions>(o => o.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = false);
        services.AddLocalization(o => o.ResourcesPath = "Texts");
        services.AddLanguages([.. Languages.Names.Keys]);
        services.AddProblemDetails();
        services.AddResponseCompression();
        services.AddHealthChecks().AddPayPerUse();
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
        app.MapLanguages();
        app.MapStaticAssets();
        app.MapRazorPages().WithStaticAssets();
        app.MapHealthChecks("/health");
    }
}
