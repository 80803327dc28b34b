using System.Collections.Concurrent;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Sinterklaas.Web.Site;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Walks;

/// <summary>What holds for every page of the site, and for those of the library that its visitors and developers see.</summary>
public sealed class EveryPageTests(Walk walk) : IClassFixture<Walk>
{
    private static readonly int[] Widths = [320, 390, 768, 1024, 1440];

    private readonly ConcurrentQueue<string> _faults = [];

    [Fact]
    public async Task It_is_accessible_in_all_languages_and_both_themes_and_asks_nothing_of_third_parties()
    {
        await walk.ForEachAsync(async page =>
        {
            foreach (var language in Languages.Names.Keys)
            {
                await page.VisitAsync(language);
                Note(page, language, await page.FindInHeadAsync(language));
                Note(page, language, await Accessibility.FindAsync(page.Tab));
                Note(page, language, await Accessibility.FindOnPhoneAtNightAsync(page.Tab));
                if (language == Screenshots.Language)
                {
                    await Screenshots.SaveEveryWayAsync(page.Tab, page.Name);
                }

                await page.LeaveAsync();
            }
        });

        Assert.Empty(_faults);
        Assert.Empty(walk.Elsewhere);
        Assert.Empty(walk.Broken);
    }

    [Fact]
    public async Task It_fits_from_320_to_1440_pixels_in_the_longest_words_and_before_its_letters_have_arrived()
    {
        const string fonts = "**/*.woff2";
        await walk.ForEachAsync(async page =>
        {
            await page.Tab.RouteAsync(fonts, font => font.AbortAsync());
            await page.VisitAsync("de");
            foreach (var width in Widths)
            {
                await page.Tab.SetViewportSizeAsync(width, 800);
                Note(page, "de", await page.FindTooWideAsync(width));
            }

            await page.LeaveAsync();
            await page.Tab.UnrouteAsync(fonts);
        });

        Assert.Empty(_faults);
    }

    [Fact]
    public void Every_route_to_a_page_was_walked()
    {
        var routes = walk
            .Site.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => e.RoutePattern.RawText!)
            .Distinct()
            .ToList();

        // The page to pay on without scripts answers a form alone; the first page has two addresses.
        string[] paths = [.. walk.Pages.Select(p => p.Path), "/betalen", "/Index"];

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains(paths, path => IsAt(route, path)));
    }

    private static bool IsAt(string route, string path) =>
        new TemplateMatcher(TemplateParser.Parse(route), []).TryMatch(path, []);

    private void Note(WalkedPage page, string language, IEnumerable<string> faults)
    {
        foreach (var fault in faults)
        {
            _faults.Enqueue($"{page.Name} ({language}): {fault}");
        }
    }
}
