using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>Pictures of the story, for README (<c>docs/images</c>) and for looking at: written where <c>SINTERKLAAS_SCREENSHOTS</c> says.</summary>
public static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SINTERKLAAS_SCREENSHOTS");

    public static float Scale => Folder is null ? 1 : 1.5f;

    public static ColorScheme Scheme =>
        Environment.GetEnvironmentVariable("SINTERKLAAS_SCHEME") == "dark" ? ColorScheme.Dark : ColorScheme.Light;

    public static async Task SaveAsync(IPage page, string name, bool whole = false)
    {
        if (Folder is not null)
        {
            await page.EvaluateAsync("() => { document.querySelector('.dev')?.remove(); scrollTo(0, 0); }");
            await page.ScreenshotAsync(
                new PageScreenshotOptions
                {
                    Path = Path.Combine(Folder, name + ".png"),
                    FullPage = whole,
                    Animations = ScreenshotAnimations.Disabled,
                }
            );
        }
    }
}
