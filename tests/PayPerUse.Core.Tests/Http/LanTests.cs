using System.Net.NetworkInformation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace PayPerUse.Core.Tests.Http;

/// <summary><c>--lan</c>, for an app that is developed with a phone beside it.</summary>
public sealed class LanTests
{
    [Fact]
    public void Without_the_switch_nothing_changes()
    {
        var builder = BuilderFor(Environments.Development);

        Assert.False(builder.UseLan(["--urls=http://localhost:5080"]));

        Assert.Null(builder.Configuration["PayPerUse:PublicUrl"]);
    }

    [Fact]
    public void The_switch_is_no_setting_and_swallows_none() =>
        Assert.Equal(["--urls", "http://localhost:1"], new[] { "--lan", "--urls", "http://localhost:1" }.WithoutLan());

    [Fact]
    public void The_app_answers_on_an_address_of_this_machine_and_calls_it_public()
    {
        var addresses = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address.ToString())
            .ToArray();
        var builder = BuilderFor(Environments.Development, "--urls=http://localhost:5081");
        try
        {
            Assert.True(builder.UseLan(["--lan"]));
        }
        catch (PayPerUseException e)
            when (e.Message.StartsWith("--lan: this machine has no address", StringComparison.Ordinal))
        {
            Assert.Skip("This machine is in no network.");
        }

        var address = new Uri(builder.Configuration["PayPerUse:PublicUrl"]!);
        Assert.Equal(5081, address.Port);
        Assert.Contains(address.Host, addresses);
        Assert.Equal($"http://localhost:5081;http://{address.Host}:5081", builder.Configuration["urls"]);
    }

    [Fact]
    public void An_address_that_was_set_stays()
    {
        var builder = BuilderFor(Environments.Development, "--PayPerUse:PublicUrl=https://tunnel.example");
        try
        {
            builder.UseLan(["--lan"]);
        }
        catch (PayPerUseException e)
            when (e.Message.StartsWith("--lan: this machine has no address", StringComparison.Ordinal))
        {
            Assert.Skip("This machine is in no network.");
        }

        Assert.Equal("https://tunnel.example", builder.Configuration["PayPerUse:PublicUrl"]);
    }

    [Fact]
    public void Outside_development_it_is_refused_with_what_to_do_instead()
    {
        var e = Assert.Throws<PayPerUseException>(() => BuilderFor(Environments.Production).UseLan(["--lan"]));

        Assert.Contains("PayPerUse:PublicUrl", e.Message, StringComparison.Ordinal);
    }

    private static WebApplicationBuilder BuilderFor(string environment, params string[] args) =>
        WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment, Args = args });
}
