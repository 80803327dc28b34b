using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>Pictures of every page and of the story, for looking at and for README: written where <c>SINTERKLAAS_SCREENSHOTS</c> says.</summary>
public static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SINTERKLAAS_SCREENSHOTS");

    public static bool AreWanted => Folder is not null;

    public static float Scale => Folder is null ? 1 : 1.5f;

    public static ColorScheme Scheme =>
        Environment.GetEnvironmentVariable("SINTERKLAAS_SCHEME") == "dark" ? ColorScheme.Dark : ColorScheme.Light;

    /// <summary>In which language every page is taken.</summary>
    public static string Language => Environment.GetEnvironmentVariable("SINTERKLAAS_LANGUAGE") ?? "nl";

    /// <summary>The whole page on a screen and on a phone, by day and by night.</summary>
    public static async Task SaveEveryWayAsync(IPage page, string name)
    {
        if (Folder is null)
        {
            return;
        }

        // Whoever looks at a dialog does not see what is below the fold.
        var whole = await page.Locator("pay-per-use[open]").CountAsync() == 0;
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var (device, width, height) in new[] { ("scherm", 1280, 900), ("telefoon", 390, 844) })
            {
                await page.SetViewportSizeAsync(width, height);
                await SaveAsync(page, $"{name}-{device}{(scheme == ColorScheme.Dark ? "-donker" : "")}", whole);
            }
        }
    }

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
