using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PayPerUse.Http;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What stops a host at start, and what it is told.</summary>
public sealed class StartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("http://sint.example")]
    public async Task Outside_Development_payments_need_a_public_https_address(string? url)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            HttpHouse.StartAsync(s =>
            {
                s.EnvironmentName = Environments.Production;
                s.Options = o => o.PublicUrl = url is null ? null : new Uri(url);
            })
        );

        var failure = Assert.Single(error.Failures);
        Assert.Contains("PayPerUse:PublicUrl", failure, StringComparison.Ordinal);
        Assert.EndsWith(".", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_read_from_the_section_that_messages_name_and_code_comes_after()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["PayPerUse:PublicUrl"] = "https://sint.example",
                        ["PayPerUse:AllowedReturnOrigins:0"] = "https://app.example",
                        ["PayPerUse:RateLimit:Permits"] = "7",
                        ["PayPerUse:RateLimit:Window"] = "00:01:00",
                        ["PayPerUse:Withdrawal:Days"] = "14",
                        ["PayPerUse:LowBalance"] = "2",
                    }
                )
                .Build()
        );
        services.AddPayPerUse(o => o.LowBalance = 3);
        services.AddPayPerUse(o => o.RateLimit ??= new(30, TimeSpan.FromMinutes(1)));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<PayPerUseOptions>>().Value;

        Assert.Equal(new Uri("https://sint.example"), options.PublicUrl);
        Assert.Equal("https://app.example", Assert.Single(options.AllowedReturnOrigins));
        Assert.Equal((7, 14, 3L), (options.RateLimit!.Permits, options.Withdrawal.Days, options.LowBalance));
    }

    [Theory]
    [InlineData("https://sint.example", "https://sint.example/payments/webhook/scripted")]
    [InlineData("https://sint.example/", "https://sint.example/payments/webhook/scripted")]
    [InlineData("https://sint.example/base", "https://sint.example/base/payments/webhook/scripted")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/payments/webhook/scripted")]
    public async Task The_public_address_makes_the_addresses_for_providers(string url, string callback)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.EnvironmentName = Environments.Production;
            s.Options = o => o.PublicUrl = new Uri(url);
        });

        var addresses = house.Services.GetRequiredService<IPaymentAddresses>();

        Assert.Equal(callback, addresses.Callback("scripted").AbsoluteUri);
        Assert.Equal(
            callback.Replace("webhook/scripted", "p1/return", StringComparison.Ordinal),
            addresses.ReturnPage("p1").AbsoluteUri
        );
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "localhost")]
    [InlineData("http://[::]:0", "localhost")]
    [InlineData("http://*:0", "localhost")]
    [InlineData("http://127.0.0.1:0", "127.0.0.1")]
    public async Task In_Development_the_bound_address_will_do(string bound, string host)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Use = app =>
            {
                app.Urls.Clear();
                app.Urls.Add(bound);
            };
        });

        var callback = house.Services.GetRequiredService<IPaymentAddresses>().Callback("scripted");

        Assert.Equal(host, callback.Host);
        Assert.Equal(house.Address.Port, callback.Port);
    }

    [Fact]
    public async Task A_request_s_Host_header_never_makes_an_address()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());

        var answer = await house.SendAsync(
            HttpMethod.Post,
            "/payments/create",
            System.Text.Json.Nodes.JsonNode.Parse("""{"pack":"five"}"""),
            change: r => r.Headers.Host = "evil.example"
        );

        var id = (string)(await answer.JsonAsync(System.Net.HttpStatusCode.Created))["id"]!;
        var payment = await house.Payments.FindAsync(id, Token);
        Assert.Equal(house.Address.Authority, payment!.CallbackUrl.Authority);
        Assert.Equal(house.Address.Authority, payment.ReturnPageUrl.Authority);
        Assert.DoesNotContain("evil", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_s_prefix_is_part_of_every_address()
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            s.Prefix = "shop";
            s.MapOn = app => app.MapGroup("/api");
        });

        var callback = house.Services.GetRequiredService<IPaymentAddresses>().Callback("scripted");

        Assert.Equal("/api/shop/payments/webhook/scripted", callback.AbsolutePath);
        await (await house.Client.GetAsync("/api/shop/credits/status", Token)).JsonAsync();
    }

    [Fact]
    public async Task A_base_path_of_the_app_is_part_of_every_link()
    {
        await using var house = await HttpHouse.StartAsync(s =>
            s.Use = app =>
            {
                app.UsePathBase("/base");
                app.UseRouting();
            }
        );

        var problem = await (
            await house.SendAsync(
                HttpMethod.Post,
                "/base/credits/use",
                System.Text.Json.Nodes.JsonNode.Parse("""{"action":"letter"}""")
            )
        ).ProblemAsync(402, "insufficient-credits");

        Assert.Equal("/base/payments/create", (string?)problem["checkout"]);
    }

    public static TheoryData<string, Action<PayPerUseHttpOptions>> WrongOptions =>
        new()
        {
            { "Flood", o => o.Flood = new FloodLimit(0, 1) },
            { "Heartbeat", o => o.Heartbeat = TimeSpan.Zero },
            { "WatchInterval", o => o.WatchInterval = TimeSpan.FromHours(1) },
            { "MaxStreamsPerAccount", o => o.MaxStreamsPerAccount = 0 },
            { "ReturnWait", o => o.ReturnWait = TimeSpan.FromMinutes(1) },
            { "HeldAnswerMemory", o => o.HeldAnswerMemory = 1 },
            { "HeldAnswerLimit", o => o.HeldAnswerLimit = 1024 },
            { "WebhookBodyLimit", o => o.WebhookBodyLimit = 1 },
            { "FailedWebhooksPerMinute", o => o.FailedWebhooksPerMinute = 0 },
            { "TrustedOrigins", o => o.TrustedOrigins.Add("https://app.example/path") },
        };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public async Task A_wrong_option_stops_the_host_and_is_named(string option, Action<PayPerUseHttpOptions> configure)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            HttpHouse.StartAsync(s => s.PayPerUse = b => b.ConfigureHttp(configure))
        );

        Assert.Contains(option + ":", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapPayPerUse_without_AddPayPerUse_says_what_to_add()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var error = Assert.Throws<InvalidOperationException>(() => app.MapPayPerUse());

        Assert.Contains("AddPayPerUse()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_with_a_parameter_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => HttpHouse.StartAsync(s => s.Prefix = "/{tenant}"));
    }

    [Fact]
    public async Task A_worker_without_a_server_starts()
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Production" }
        );
        builder.Logging.ClearProviders();
        builder.Services.AddPayPerUse();
        builder.Services.AddSingleton<IPaymentProvider>(
            new PayPerUse.Testing.Payments.ScriptedProvider("scripted", TimeProvider.System)
        );
        using var host = builder.Build();

        await host.StartAsync(Token);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Adding_twice_does_no_harm()
    {
        await using var house = await HttpHouse.StartAsync(s => s.Services = services => services.AddPayPerUse());

        await (await house.Client.GetAsync("/credits/status", Token)).JsonAsync();
    }
}
