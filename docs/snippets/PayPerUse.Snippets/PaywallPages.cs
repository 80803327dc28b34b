using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PayPerUse.Http;

namespace PayPerUse.Snippets;

/// <summary>What docs/paywall.md shows.</summary>
public static class PaywallPages
{
    public static void Keep(WebApplicationBuilder builder)
    {
        #region keep-answer
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo("/var/lib/shop/keys"));

        var app = builder.Build();
        app.MapPost("/letters", WriteLetter).RequireCredits("letter").KeepAnswer(TimeSpan.FromDays(1));
        #endregion
    }

    public static void Site(string[] args)
    {
        // csharpier-ignore-start
        #region site
        var builder = WebApplication.CreateBuilder(args.WithoutLan());
        builder.UseLan(args);                                 // dotnet run -- --lan: a phone can scan the QR code
        builder.Services.AddRazorPages().AddGuardedForms();   // no antiforgery tokens; 400 to a form that ends early
        builder.Services.AddLanguages("nl", "fr", "de", "en");

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseRequestLocalization();
        app.UseAuthorization();
        app.UseCrossSiteGuard();
        app.MapLanguages();                                   // POST /language
        app.MapRazorPages();
        app.MapPayPerUse();
        #endregion
        // csharpier-ignore-end
    }

    private static string WriteLetter() => "Dear child";
}

#region page-model
[RequireCredits("letter")]
[KeepAnswer(hours: 24)]
public sealed class LetterModel : PageModel
{
    [BindProperty]
    public string Child { get; set; } = "";

    public string? Letter { get; private set; }

    public void OnPost() => Letter = $"Dear {Child}, …";
}
#endregion

#region page-order
public sealed class PayModel : PageModel
{
    public PageOrder Order { get; private set; } = null!;

    public async Task OnPostAsync(string? consent) => Order = await HttpContext.OrderPackAsync("/letters", consent);
}
#endregion
