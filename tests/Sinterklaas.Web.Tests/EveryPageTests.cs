using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Sinterklaas.Web.Site;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>What holds for every page of the site.</summary>
public sealed class EveryPageTests(Walk walk) : IClassFixture<Walk>
{
    [Fact]
    public async Task It_is_accessible_in_all_languages_and_both_themes_and_asks_nothing_of_third_parties()
    {
        foreach (var (tab, _, path) in walk.Pages)
        {
            foreach (var language in Languages.Names.Keys)
            {
                await walk.SpeakAsync(tab, language);
                await tab.GotoAsync(path);
                Assert.Equal(language, await tab.EvaluateAsync<string>("() => document.documentElement.lang"));
                await Accessibility.CheckAsync(tab);
            }

            await Accessibility.CheckDarkAsync(tab);
        }

        Assert.Empty(walk.Elsewhere);
        Assert.DoesNotContain(walk.Complaints, c => !IsErrorPage(c));
    }

    [Fact]
    public async Task It_fits_from_360_to_1440_pixels()
    {
        foreach (var (tab, name, path) in walk.Pages)
        {
            await walk.SpeakAsync(tab, "nl");
            await tab.GotoAsync(path);
            foreach (var width in new[] { 360, 768, 1440 })
            {
                await tab.SetViewportSizeAsync(width, 800);
                var needed = await tab.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
                Assert.True(needed <= width, $"{path} needs {needed} px of {width}.");
            }

            await Screenshots.SaveEveryWayAsync(tab, name);
        }
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

        // The page to pay on without scripts is walked by FirstPageTests; the first page has two addresses.
        string[] paths = [.. walk.Pages.Select(p => p.Path), "/betalen", "/Index"];

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains(paths, path => IsAt(route, path)));
    }

    private static bool IsAt(string route, string path) =>
        new TemplateMatcher(TemplateParser.Parse(route), []).TryMatch(path, []);

    // The browser logs the page of an error as a failed load.
    private static bool IsErrorPage(string complaint) =>
        complaint.Contains("404", StringComparison.Ordinal) || complaint.Contains("503", StringComparison.Ordinal);
}
