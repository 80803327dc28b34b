using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Payments;

public sealed class SweepStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_asked_of_a_provider_before_the_app_has_started()
    {
        var app = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        await using var house = new PaymentHouse(build: b => b.Services.AddSingleton<IHostApplicationLifetime>(app));
        await house.OrderedAsync();
        house.Clock.Advance(TimeSpan.FromHours(1));

        await house.Worker.StartAsync(Token);
        await Task.Delay(200, Token);
        Assert.Equal(0, house.First.Gets);

        app.NotifyStarted();
        await foreach (var _ in Patience.TriesAsync("The first sweep", Token))
        {
            if (house.First.Gets > 0)
            {
                break;
            }
        }

        await house.Worker.StopAsync(Token);
    }

    [Fact]
    public async Task An_app_that_never_starts_can_be_stopped()
    {
        var app = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        await using var house = new PaymentHouse(build: b => b.Services.AddSingleton<IHostApplicationLifetime>(app));
        await house.Worker.StartAsync(Token);

        await house.Worker.StopAsync(Token);

        Assert.True(house.Worker.ExecuteTask?.IsCompleted);
    }
}
