using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Charging;

/// <summary>Stops a host whose endpoints require credits for an action without a price, or keep answers without protection.</summary>
internal sealed class RequirementCheck(
    IServiceProvider services,
    KeptAnswers answers,
    IOptions<PayPerUseOptions> options
) : IHostedLifecycleService
{
    /// <summary>Endpoints are only known once the host has started.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            if (CreditRequirement.Of(endpoint, options.Value)?.KeepFor is not null)
            {
                answers.Begin();
            }
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
