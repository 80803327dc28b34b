using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests;

/// <summary>What is told of an app that cannot start as it is configured.</summary>
public sealed class SettingsTests
{
    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_a_line_for_each()
    {
        await using var app = Build(o => o.RateLimit = new(0, TimeSpan.Zero), mail: "");

        var e = Assert.Throws<PayPerUseException>(app.CheckSettings);

        var lines = e.Message.Split(Environment.NewLine);
        Assert.Contains("Mail: set Mail:From.", lines);
        Assert.Contains(lines, l => l.Contains("RateLimit", StringComparison.Ordinal));
        Assert.Equal(lines.Distinct(), lines);
    }

    [Fact]
    public async Task One_wrong_setting_is_told_by_its_own_line()
    {
        await using var app = Build(_ => { }, mail: "");

        Assert.Equal("Mail: set Mail:From.", Assert.Throws<PayPerUseException>(app.CheckSettings).Message);
    }

    [Fact]
    public async Task Right_settings_are_not_mentioned()
    {
        await using var app = Build(_ => { }, mail: "shop@example.com");

        app.CheckSettings();
    }

    private static WebApplication Build(Action<PayPerUseOptions> configure, string mail)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddPayPerUse(configure).AddPack(new CreditPack("five", 5, Money.Euro(1.00m)));
        builder
            .Services.AddOptions<MailOptions>()
            .Configure(o => o.From = mail)
            .Validate(o => o.From.Length > 0, "Mail: set Mail:From.")
            .ValidateOnStart();
        return builder.Build();
    }

    private sealed class MailOptions
    {
        public string From { get; set; } = "";
    }
}
