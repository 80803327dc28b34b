using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PayPerUse.Http;
using PayPerUse.Payments;
using PayPerUse.Testing;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests.Walks;

/// <summary>What was made on the way, by the paths of its pages.</summary>
public sealed record Made(string Letter, string Audio, string SharedLetter, string SharedAudio);

/// <summary>A payment, by the paths of its pages.</summary>
public sealed record Ordered(string Id, string Checkout)
{
    public string Return => $"/payments/{Id}/return";

    public string Receipt => $"/payments/{Id}/receipt";
}

/// <summary>
/// Every page of the site in each of its states, in the tabs of a stranger, a reader of what was shared, the phone that pays, a guest,
/// a newcomer without credits, somebody about to pay, and a parent who did.
/// </summary>
public sealed class Walk : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _elsewhere = [];
    private readonly ConcurrentQueue<string> _broken = [];
    private Browser? _browser;
    private SiteHost? _site;

    public SiteHost Site => _site!;

    public IReadOnlyList<WalkedPage> Pages { get; private set; } = [];

    /// <summary>What was asked of other hosts.</summary>
    public IEnumerable<string> Elsewhere => _elsewhere;

    /// <summary>What a page needs and did not get; errors of scripts.</summary>
    public IEnumerable<string> Broken => _broken.Concat(_browser!.Complaints.Where(c => !IsFailedLoad(c)));

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = new SiteHost(("PayPerUse:RequiredConsent", "2026-1"))
        {
            // What nobody pays is not waited for.
            Configure = s => s.Configure<PayPerUseHttpOptions>(o => o.ReturnWait = TimeSpan.Zero),
        }.Started();

        var parent = await SignedInAsync();
        var paid = await PayAsync(parent);
        var made = await MakeAsync(parent);
        var canceled = await OrderAsync(parent);
        await parent.Context.APIRequest.PostAsync($"/payments/{canceled.Id}/cancel");
        var payer = await SignedInAsync();
        var waiting = await OrderAsync(payer);
        var guest = await OpenAsync();
        await ContinueAsGuestAsync(guest);
        var newcomer = await OpenAsync();
        await ContinueAsGuestAsync(newcomer);
        await Steps.SignInAsync(newcomer);
        var stranger = await OpenAsync();
        await Steps.AskCodeAsync(stranger);

        foreach (var order in new[] { paid, canceled, waiting })
        {
            await ForgetLanguageAsync(order);
        }

        Pages =
        [
            .. WalkedPages.OfStranger(stranger),
            .. WalkedPages.OfReader(await OpenAsync(), made),
            .. WalkedPages.OfPhone(await OpenAsync(), paid, canceled, waiting),
            .. WalkedPages.OfGuest(guest),
            .. WalkedPages.OfNewcomer(newcomer),
            .. WalkedPages.OfPayer(payer),
            .. WalkedPages.OfParent(parent, made, paid),
        ];
    }

    /// <summary>Walks all tabs at once, each from page to page.</summary>
    public Task ForEachAsync(Func<WalkedPage, Task> look) =>
        Task.WhenAll(
            Pages
                .GroupBy(p => p.Tab)
                .Select(async pages =>
                {
                    foreach (var page in pages)
                    {
                        await look(page);
                    }
                })
        );

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

    /// <summary>The browser says that of a page of an error too; what a page needs is watched by itself.</summary>
    private static bool IsFailedLoad(string complaint) =>
        complaint.Contains("Failed to load resource", StringComparison.Ordinal);

    private async Task<IPage> OpenAsync()
    {
        var tab = await _browser!.OpenAsync(Site.Address, width: 1280, isStill: true);
        tab.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(Site.Address.ToString(), StringComparison.Ordinal))
            {
                _elsewhere.Enqueue(request.Url);
            }
        };
        tab.Response += (_, response) =>
        {
            // A page may be one of an error, and a script be told to pay first.
            if (response is { Status: >= 400 and not 402, Request.ResourceType: not "document" })
            {
                _broken.Enqueue($"{response.Status} {response.Url}");
            }
        };
        await tab.GotoAsync("/");
        return tab;
    }

    private async Task<IPage> SignedInAsync()
    {
        var tab = await OpenAsync();
        await Steps.SignInAsync(tab);
        return tab;
    }

    private static async Task ContinueAsGuestAsync(IPage tab)
    {
        await tab.Locator("#continue-as-guest").ClickAsync();
        await tab.Locator("#credits").WaitForAsync();
    }

    private static async Task<Made> MakeAsync(IPage parent)
    {
        var letter = await Steps.MakeAsync(parent, "#make-letter", "#letter");
        var audio = await Steps.MakeAsync(parent, "#make-audio", "#player");
        return new(letter, audio, await Steps.ShareAsync(parent, letter), await Steps.ShareAsync(parent, audio));
    }

    private static async Task<Ordered> PayAsync(IPage tab)
    {
        var order = await OrderAsync(tab);
        await tab.Context.APIRequest.PostAsync(
            $"/simulator/bancontact/payments/{order.Checkout.Split('/')[^1]}/approve"
        );
        await Steps.WaitForCreditsAsync(tab);
        return order;
    }

    private static async Task<Ordered> OrderAsync(IPage tab)
    {
        var (id, checkout) = await Steps.OrderAsync(tab);
        return new(id, new Uri(checkout).AbsolutePath);
    }

    /// <summary>The pages of a payment speak the language of its order, whoever looks: without one, that of who looks.</summary>
    private async Task ForgetLanguageAsync(Ordered order)
    {
        var store = Site.Services.GetRequiredService<IPaymentStore>();
        await foreach (var _ in Patience.TriesAsync("The payment without a language", CancellationToken.None))
        {
            var payment = await store.FindAsync(order.Id, CancellationToken.None);
            if (await store.TryUpdateAsync(payment! with { Language = null }, null, CancellationToken.None) is not null)
            {
                return;
            }
        }
    }
}
