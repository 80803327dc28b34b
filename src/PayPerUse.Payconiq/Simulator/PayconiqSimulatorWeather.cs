namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// What goes wrong in the simulated bank and on the way from it, for as long as it is so set: at start by
/// <see cref="PayconiqSimulatorOptions.Weather"/>, later on the simulator's page or with
/// <c>POST /simulator/bancontact/weather</c>. Percentages are of calls or callbacks, drawn at random.
/// </summary>
public sealed record PayconiqSimulatorWeather
{
    /// <summary>How late each callback is sent, in milliseconds.</summary>
    /// <value>0; at most 86 400 000, a day.</value>
    public int CallbackDelayMs { get; init; }

    /// <summary>
    /// Up to how much later still, at random, in milliseconds: callbacks of several payments, and copies of one, overtake each other.
    /// </summary>
    /// <value>0; at most 86 400 000, a day.</value>
    public int CallbackSpreadMs { get; init; }

    /// <summary>How often each callback is sent, with the same bytes.</summary>
    /// <value>1; at most 20.</value>
    public int CallbackCopies { get; init; } = 1;

    /// <summary>How many callbacks in a hundred are never sent.</summary>
    /// <value>0.</value>
    public int CallbackLostPercent { get; init; }

    /// <summary>How many callbacks in a hundred arrive with one byte changed, so that their signature does not fit.</summary>
    /// <value>0.</value>
    public int CallbackCorruptPercent { get; init; }

    /// <summary>How long the API thinks before each answer, in milliseconds.</summary>
    /// <value>0; at most 120 000, two minutes.</value>
    public int ApiDelayMs { get; init; }

    /// <summary>How many calls of the API in a hundred are answered 503 and have no effect.</summary>
    /// <value>0.</value>
    public int ApiFailPercent { get; init; }

    /// <summary>How many calls of the API in a hundred take effect while their answer is lost with the connection.</summary>
    /// <value>0.</value>
    public int ApiLostPercent { get; init; }

    /// <summary>How long new payments can be paid, in seconds.</summary>
    /// <value>null: <see cref="PayconiqSimulatorOptions.PaymentTime"/>; 1 to 86 400.</value>
    public int? PaymentSeconds { get; init; }

    /// <summary>Whether callbacks are signed in DER instead of r‖s: the real service has been seen to do both.</summary>
    /// <value>false.</value>
    public bool DerSignatures { get; init; }

    /// <summary>Says what is out of its range.</summary>
    internal IEnumerable<string> FindErrors()
    {
        const int Day = 86_400_000;
        return new[]
        {
            Check(CallbackDelayMs, 0, Day, nameof(CallbackDelayMs)),
            Check(CallbackSpreadMs, 0, Day, nameof(CallbackSpreadMs)),
            Check(CallbackCopies, 1, 20, nameof(CallbackCopies)),
            Check(CallbackLostPercent, 0, 100, nameof(CallbackLostPercent)),
            Check(CallbackCorruptPercent, 0, 100, nameof(CallbackCorruptPercent)),
            Check(ApiDelayMs, 0, 120_000, nameof(ApiDelayMs)),
            Check(ApiFailPercent, 0, 100, nameof(ApiFailPercent)),
            Check(ApiLostPercent, 0, 100, nameof(ApiLostPercent)),
            Check(PaymentSeconds ?? 1, 1, 86_400, nameof(PaymentSeconds)),
        }.OfType<string>();
    }

    private static string? Check(int value, int min, int max, string name)
    {
        name = char.ToLowerInvariant(name[0]) + name[1..];
        return value >= min && value <= max ? null : $"{name} must be between {min} and {max}, not {value}.";
    }
}
