using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse;
using PayPerUse.Payconiq;
using PayPerUse.Payconiq.Simulator;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a simulated Payconiq to an app.</summary>
public static class PayconiqSimulatorPayPerUseBuilderExtensions
{
    /// <summary>
    /// Adds Payconiq with a simulated bank inside this app, in Development only. Unless Payconiq is configured, the provider is
    /// pointed at it. Call <c>app.MapPayconiqSimulator()</c> too. Safe to call twice.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes how the simulator behaves.</param>
    public static IPayPerUseBuilder AddPayconiqSimulator(
        this IPayPerUseBuilder builder,
        Action<PayconiqSimulatorOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddOptions<PayconiqSimulatorOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<PayconiqSimulatorOptions>, PayconiqSimulatorOptionsValidator>()
        );
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<PayconiqOptions>, SimulatedPayconiqOptions>()
        );
        services.AddPayconiqHttpClient(SimulatorCallbacks.HttpClientName);
        services.TryAddSingleton<SimulatorAddresses>();
        services.TryAddSingleton<SimulatorKeys>();
        services.TryAddSingleton<SimulatorSky>();
        services.TryAddSingleton<SimulatorJournal>();
        services.TryAddSingleton<SimulatorSignatures>();
        services.TryAddSingleton<SimulatorCallbacks>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, SimulatorCallbacks>(Get<SimulatorCallbacks>)
        );
        services.TryAddSingleton<PayconiqSimulator>();
        services.TryAddSingleton<SimulatorApi>();
        services.TryAddSingleton<SimulatorPages>();
        services.TryAddSingleton<SimulatorControls>();
        return builder.AddPayconiq(static _ => { });
    }

    /// <summary>Adds Payconiq with a simulated bank inside this app, in Development only.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">Settings of the simulator, by convention the section <c>Payconiq:Simulator</c>.</param>
    public static IPayPerUseBuilder AddPayconiqSimulator(this IPayPerUseBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.Configure<PayconiqSimulatorOptions>(section);
        return builder.AddPayconiqSimulator();
    }

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
