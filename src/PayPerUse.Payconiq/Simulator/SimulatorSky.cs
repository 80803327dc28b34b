using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The weather as it is now, and the dice that decide whom it hits.</summary>
internal sealed class SimulatorSky
{
    private readonly Random _random;
    private readonly Lock _dice = new();
    private volatile PayconiqSimulatorWeather _weather;

    public SimulatorSky(IOptions<PayconiqSimulatorOptions> options)
    {
        _weather = options.Value.Weather;
        _random = options.Value.WeatherSeed is { } seed ? new Random(seed) : new Random();
    }

    public PayconiqSimulatorWeather Weather
    {
        get => _weather;
        set => _weather = value;
    }

    public bool Hits(int percent) => percent > 0 && Next(100) < percent;

    /// <summary>A number from 0 to below a bound.</summary>
    public int Next(int bound)
    {
        lock (_dice)
        {
            return _random.Next(bound);
        }
    }

    /// <summary>How late one callback is sent.</summary>
    public TimeSpan Delay(PayconiqSimulatorWeather weather) =>
        TimeSpan.FromMilliseconds(
            (double)weather.CallbackDelayMs + (weather.CallbackSpreadMs > 0 ? Next(weather.CallbackSpreadMs) : 0)
        );
}
