using System.Collections.ObjectModel;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse;

/// <summary>How PayPerUse behaves in an app.</summary>
public sealed class PayPerUseOptions
{
    /// <summary>What is for sale. Add with <c>AddPack</c>.</summary>
    public Collection<CreditPack> Packs { get; } = [];

    /// <summary>What credits buy. Add with <c>AddAction</c>.</summary>
    public Collection<CreditAction> Actions { get; } = [];

    /// <summary>How many spends and reserves an account may have applied in a window.</summary>
    /// <value>null: no limit.</value>
    public CreditRateLimit? RateLimit { get; set; }

    /// <summary>How long a reservation is kept without news from the running request.</summary>
    /// <value>10 minutes; 1 second to 7 days.</value>
    public TimeSpan ReservationTime { get; set; } = CreditPolicy.Default.ReservationTime;

    /// <summary>How long after a grant's expiry credits that come back to it stay usable, once.</summary>
    /// <value>7 days.</value>
    public TimeSpan ReturnGrace { get; set; } = CreditPolicy.Default.ReturnGrace;

    /// <summary>
    /// The address under which customers and providers reach this app, such as <c>https://sint.example</c>. It makes webhook and
    /// return addresses; a request's Host header never does.
    /// </summary>
    /// <value>null: the address the server is bound to, in Development only.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>Origins that <c>returnUrl</c> may lead to, besides relative addresses; such as <c>https://app.example</c>.</summary>
    public Collection<string> AllowedReturnOrigins { get; } = [];

    /// <summary>The version of the terms that a customer must agree to before paying.</summary>
    /// <value>null: no consent is asked.</value>
    public string? RequiredConsent { get; set; }

    /// <summary>What the customer agrees to with it, by two-letter language; saved with the payment as it was shown.</summary>
    /// <value>
    /// Empty: that credits can be used at once, and that the right of withdrawal ends for those that are; in Dutch, French, German
    /// and English. 1 to 1000 characters each.
    /// </value>
    public IDictionary<string, string> ConsentTexts { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a customer agrees to, in a language; in English where there is no text in it.</summary>
    /// <param name="language">Two letters, such as <c>nl</c>.</param>
    public string ConsentTextOf(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return ConsentTexts.TryGetValue(language, out var own) ? own
            : ConsentTexts.Count == 0 ? PayPerUse.ConsentTexts.Of(language)
            : ConsentTexts.TryGetValue("en", out var english) ? english
            : ConsentTexts.Values.First();
    }

    /// <summary>
    /// Whether the credits of a payment are held back as soon as its money is in dispute, before the bank withdraws it. They are
    /// given again when the dispute ends well.
    /// </summary>
    /// <value>false: credits are taken back when the money is.</value>
    public bool HoldCreditsInDispute { get; set; }

    /// <summary>Whether a host in Development may take real money.</summary>
    /// <value>false: it does not start with live keys.</value>
    public bool AllowLiveMoneyInDevelopment { get; set; }

    /// <summary>
    /// The balance at or below which an account counts as low: <c>ICreditEvents.LowBalanceAsync</c> is told when one gets there.
    /// </summary>
    /// <value>null: nobody is told.</value>
    public long? LowBalance { get; set; }

    /// <summary>Whether somebody listens, so that notices must be kept.</summary>
    internal bool HasCreditEvents { get; set; }

    /// <summary>How the ledger batches.</summary>
    public CreditLedgerOptions Ledger { get; } = new();

    /// <summary>Whether customers can take back what they bought and did not use.</summary>
    public WithdrawalOptions Withdrawal { get; } = new();

    /// <summary>How often the sweepers look.</summary>
    public SweepOptions Sweep { get; } = new();

    /// <summary>How long the log and the ids in it are kept.</summary>
    public CreditRetentionOptions Retention { get; } = new();

    internal CreditPolicy ToPolicy() =>
        new()
        {
            RateLimit = RateLimit,
            ReservationTime = ReservationTime,
            ReturnGrace = ReturnGrace,
        };
}

/// <summary>How <see cref="CreditLedger"/> batches.</summary>
public sealed class CreditLedgerOptions
{
    /// <summary>How many batches may be under way at once. An account always has the same lane, on every host.</summary>
    /// <value>2; 1 to 64. The same on every host. One is saved while the next is made; more make batches smaller.</value>
    public int Lanes { get; set; } = 2;

    /// <summary>The most commands in one batch.</summary>
    /// <value>1024; 1 to 10 000.</value>
    public int MaxBatchSize { get; set; } = 1024;

    /// <summary>The most commands that may wait in one lane; one more is refused as busy.</summary>
    /// <value>10 000; at least <see cref="MaxBatchSize"/>.</value>
    public int MaxQueueLength { get; set; } = 10_000;

    /// <summary>How long a caller waits for its command before it gets an error.</summary>
    /// <value>10 seconds; 100 ms to 5 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a batch that failed for a passing reason is tried again.</summary>
    /// <value>4; 0 to 20.</value>
    public int MaxRetries { get; set; } = 4;
}

/// <summary>How often the sweepers look for what nobody else finished.</summary>
public sealed class SweepOptions
{
    /// <summary>Whether this host sweeps at all.</summary>
    /// <value>true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How long between two sweeps.</summary>
    /// <value>15 seconds; 100 ms to 1 hour.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long between two readings of a provider's list of refunds and disputes.</summary>
    /// <value>1 minute; 1 second to 1 day.</value>
    public TimeSpan FeedInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many payments or accounts one sweep takes.</summary>
    /// <value>100; 1 to 10 000.</value>
    public int BatchSize { get; set; } = 100;
}
