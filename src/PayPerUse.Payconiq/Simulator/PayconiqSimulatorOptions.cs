using System.Security.Cryptography;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>How the simulator behaves: a bank that speaks the Payconiq protocol inside this app, with pretend money.</summary>
public sealed class PayconiqSimulatorOptions
{
    /// <summary>
    /// Lets the simulator run outside Development. It gives up that credits cost money: whoever reaches the pay page can pay
    /// with pretend money.
    /// </summary>
    /// <value>false: the host refuses to start outside Development.</value>
    public bool AllowPretendMoneyOutsideDevelopment { get; set; }

    /// <summary>
    /// Lets other machines open the pay page, so that a phone can scan the code. It gives up that only who sits at this machine
    /// can pay with pretend money. The API itself stays local.
    /// </summary>
    /// <value>false: only this machine, and no proxy.</value>
    public bool AllowRemotePayPage { get; set; }

    /// <summary>The shop's name on the pay page.</summary>
    /// <value><c>Testwinkel</c>.</value>
    public string MerchantName { get; set; } = "Testwinkel";

    /// <summary>The API key that the simulator accepts.</summary>
    /// <value>Random, new at each start.</value>
    public string ApiKey { get; set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The id of the simulated payment profile.</summary>
    /// <value>Random, new at each start.</value>
    public string ProfileId { get; set; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>How long a payment can be paid.</summary>
    /// <value>20 minutes, like the real product for web shops; 1 second to 24 hours.</value>
    public TimeSpan PaymentTime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long before a callback that failed is sent again; it doubles each time, up to 5 minutes, for 24 hours.</summary>
    /// <value>1 second; 1 ms to 5 minutes.</value>
    public TimeSpan CallbackRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether orders are held to all rules of the real service: callback and return addresses with https and a real domain name,
    /// references and descriptions in the SEPA character set.
    /// </summary>
    /// <value>false: http to this machine is all that there is in development.</value>
    public bool StrictRules { get; set; }

    /// <summary>Whether Bancontact has activated refunds for the shop.</summary>
    /// <value>true; false refuses them with <c>REFUND_NOT_ALLOWED</c>.</value>
    public bool RefundsActivated { get; set; } = true;

    /// <summary>How long a refund is pending before its money moves.</summary>
    /// <value>5 seconds; 0 to 7 days.</value>
    public TimeSpan RefundTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What goes wrong from the start.</summary>
    /// <value>Nothing.</value>
    public PayconiqSimulatorWeather Weather { get; set; } = new();

    /// <summary>The seed of the weather's dice, so that the same calls meet the same luck.</summary>
    /// <value>null: another one at each start.</value>
    public int? WeatherSeed { get; set; }
}
