namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>The check that the pages pass would see what is wrong with them.</summary>
public sealed class AccessibilityTests
{
    [Story]
    public async Task What_is_wrong_with_a_page_is_found()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(new Uri("http://localhost/"));
        await page.SetContentAsync(
            """
            <style>
            :root { color-scheme: light dark; background: #fff; }
            p { color: #000; }
            @media (prefers-color-scheme: dark) { p { color: #eee; } }
            a { font-size: 8px; line-height: 8px; }
            </style>
            <main><h1>Post</h1><img src="data:,"><p>Te licht op wit</p><a href="/1">1</a><a href="/2">2</a></main>
            """
        );

        var byDay = string.Join('\n', await Accessibility.FindAsync(page));
        var atNight = string.Join('\n', await Accessibility.FindOnPhoneAtNightAsync(page));

        Assert.Contains("html-has-lang", byDay, StringComparison.Ordinal);
        Assert.Contains("image-alt", byDay, StringComparison.Ordinal);
        Assert.Contains("target-size", byDay, StringComparison.Ordinal);
        Assert.DoesNotContain("color-contrast", byDay, StringComparison.Ordinal);
        Assert.Contains("color-contrast", atNight, StringComparison.Ordinal);
        Assert.Contains("target-size", atNight, StringComparison.Ordinal);
        Assert.DoesNotContain("image-alt", atNight, StringComparison.Ordinal);
    }
}
