using Microsoft.Playwright;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>One of the pages, in the tab of somebody who may see it.</summary>
public sealed record WalkedPage(IPage Tab, string Name, string Path);

/// <summary>
/// Every page of the site, in the tabs of a stranger, of a newcomer without credits, and of somebody who made a letter and an
/// audio message.
/// </summary>
public sealed class Walk : IAsyncLifetime
{
    private Browser? _browser;
    private SiteHost? _site;

    public SiteHost Site => _site!;

    public IEnumerable<string> Complaints => _browser!.Complaints;

    public IReadOnlyList<WalkedPage> Pages { get; private set; } = [];

    /// <summary>What was asked of other hosts.</summary>
    public List<string> Elsewhere { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = new SiteHost().Started();
        var stranger = await OpenAsync();
        await Steps.AskCodeAsync(stranger);
        var newcomer = await OpenAsync();
        await Steps.SignInAsync(newcomer);
        var parent = await OpenAsync();
        await Steps.SignInAsync(parent);
        await Steps.BuyAsync(parent);
        var letter = await Steps.MakeAsync(parent, "#make-letter", "#letter");
        var audio = await Steps.MakeAsync(parent, "#make-audio", "#player");
        var shared = await Steps.ShareAsync(parent, letter);
        Pages =
        [
            new(stranger, "begin", "/"),
            new(stranger, "aanmelden", "/signin"),
            new(stranger, "code", "/signin/verify"),
            new(stranger, "niets-gevonden", "/bestaat-niet"),
            new(stranger, "weggeroepen", "/fout/503"),
            new(newcomer, "begin-leeg", "/"),
            new(parent, "begin-met-post", "/"),
            new(parent, "brief", letter),
            new(parent, "boodschap", audio),
            new(stranger, "gedeelde-brief", shared),
            new(parent, "credits", "/tegoed"),
            new(parent, "herroepen", "/herroepen"),
            new(parent, "verwijderen", "/account/verwijderen"),
        ];
    }

    /// <summary>Makes the choice of a language that the switch at the foot of the page makes.</summary>
    public Task SpeakAsync(IPage tab, string language) =>
        tab.Context.AddCookiesAsync([
            new Cookie
            {
                Name = ".AspNetCore.Culture",
                Value = $"c%3D{language}%7Cuic%3D{language}",
                Url = Site.Address.ToString(),
            },
        ]);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await _browser!.OpenAsync(Site.Address, width: 1280);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Site.Address.ToString(), StringComparison.Ordinal))
            {
                Elsewhere.Add(request.Url);
            }
        };
        return page;
    }
}
