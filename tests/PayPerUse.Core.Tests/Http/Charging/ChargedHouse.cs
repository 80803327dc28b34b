using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>One app with every kind of endpoint that can require credits, all playing the same scene.</summary>
public sealed class ChargedHouse : IAsyncLifetime
{
    internal HttpHouse Http { get; private set; } = null!;

    internal Scene Scene { get; } = new();

    public async ValueTask InitializeAsync() => Http = await HttpHouse.StartAsync(s => Furnish(s, Scene));

    public ValueTask DisposeAsync() => Http.DisposeAsync();

    internal static void Furnish(HttpHouseSetup setup, Scene scene)
    {
        setup.PayPerUse = b => b.AddAction("stream", 1);
        setup.Options += o => o.Packs.Clear();
        setup.Services += services =>
        {
            services.AddSingleton(scene);
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            services
                .AddControllersWithViews()
                .AddApplicationPart(typeof(SceneController).Assembly)
                .AddRazorPagesOptions(o => o.RootDirectory = "/Http/Pages");
            services.AddRazorPages();
        };
        setup.Map = app =>
        {
            app.MapControllers();
            app.MapRazorPages();
            app.MapPost("/minimal/scene", PlayAsync).RequireCredits("letter");
            app.MapPost("/minimal/stream", PlayAsync).RequireCredits("stream").StreamAnswer();
            app.MapPost("/minimal/kept", PlayAsync).RequireCredits("letter").KeepAnswer(TimeSpan.FromDays(1));
            app.MapGroup("/group").RequireCredits("letter").MapPost("scene", PlayAsync);
            app.MapGroup("/group").RequireCredits("letter").KeepAnswer(TimeSpan.FromDays(1)).MapPost("kept", PlayAsync);
            app.MapGroup("/group").RequireCredits("stream").StreamAnswer().MapPost("stream", PlayAsync);
        };
    }

    private static async Task<IResult> PlayAsync(HttpContext context, Scene scene) =>
        await scene.PlayAsync(context) switch
        {
            null => Results.Empty,
            int status => Results.StatusCode(status),
            var text => Results.Text(text.ToString()),
        };
}

/// <summary>A test of its own in the house: a fresh user with some credits, and a scene to set.</summary>
public abstract class ChargedTest : IDisposable
{
    private readonly ChargedHouse _house;
    private readonly string _user = "u" + Guid.NewGuid().ToString("N");

    protected ChargedTest(ChargedHouse house)
    {
        ArgumentNullException.ThrowIfNull(house);
        _house = house;
        house.Scene.Reset();
        house.Http.Store.Before = null;
        house.Http.Store.After = null;
        Client = house.Http.MakeClient(_user);
    }

    public static TheoryData<string> Kinds => ["minimal", "controller", "page", "group"];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected Scene Scene => _house.Scene;

    protected HttpClient Client { get; }

    internal HttpHouse Http => _house.Http;

    internal HookedCreditStore Store => _house.Http.Store;

    protected AccountId Account => new(_user);

    protected Task GrantAsync(long credits) => Http.GrantAsync(credits, _user);

    protected Task<long> BalanceAsync() => Http.BalanceAsync(_user);

    /// <summary>Asserts the balance and that nothing is left reserved.</summary>
    protected async Task AssertCreditsAsync(long balance, long reserved = 0)
    {
        var credits = await Http.Ledger.ReadBalanceAsync(Account, Token);
        Assert.Equal((balance, reserved), (credits.Balance, credits.Reserved));
    }

    /// <summary>Waits for what happens after the answer has left.</summary>
    protected async Task AssertCreditsInTheEndAsync(long balance)
    {
        while ((await Http.Ledger.ReadBalanceAsync(Account, Token)).Reserved > 0)
        {
            await Task.Delay(5, Token);
        }

        await AssertCreditsAsync(balance);
    }

    protected Task<HttpResponseMessage> PostAsync(
        string kind,
        string? key = null,
        string what = "scene",
        Action<HttpRequestMessage>? change = null
    ) => Http.SendAsync(HttpMethod.Post, $"/{kind}/{what}", null, key, Client, change);

    public void Dispose()
    {
        Client.Dispose();
        GC.SuppressFinalize(this);
    }
}
