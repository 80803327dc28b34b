using System.Collections.ObjectModel;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http;

/// <summary>How PayPerUse behaves over HTTP.</summary>
public sealed class PayPerUseHttpOptions
{
    /// <summary>
    /// A guard in this process against floods, before anything else is done: per signed-in user, or per address for others.
    /// Webhooks are exempt.
    /// </summary>
    /// <value>1000 requests at once, 500 a second after that; null for no guard.</value>
    public FloodLimit? Flood { get; set; } = new(1000, 500);

    /// <summary>Origins besides our own that may send unsafe requests, such as <c>https://app.example</c>.</summary>
    /// <value>None: a request from another origin is answered 403.</value>
    public Collection<string> TrustedOrigins { get; } = [];

    /// <summary>How often a live balance stream says that it is alive, and checks that its user is still signed in.</summary>
    /// <value>15 seconds; 100 ms to 5 minutes.</value>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often this host asks the store, in one query, which of the watched accounts changed.</summary>
    /// <value>1 second; 10 ms to 1 minute.</value>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many live balance streams an account may have on one host.</summary>
    /// <value>5; 1 to 1000.</value>
    public int MaxStreamsPerAccount { get; set; } = 5;

    /// <summary>
    /// How long the page that a provider leads back to holds its answer while the payment is not final: who paid is often ahead of the
    /// provider's message. After that it says so, with a link to look again.
    /// </summary>
    /// <value>5 seconds; 0 to 30 seconds.</value>
    public TimeSpan ReturnWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many bytes of an answer that waits for its charge are kept in memory; the rest goes to a temporary file.</summary>
    /// <value>256 KiB; 1 KiB to 64 MiB.</value>
    public int HeldAnswerMemory { get; set; } = 256 * 1024;

    /// <summary>
    /// How many bytes an answer that waits for its charge may have. A larger one fails and is not charged: stream it.
    /// </summary>
    /// <value>64 MiB; at least <see cref="HeldAnswerMemory"/>.</value>
    public long HeldAnswerLimit { get; set; } = 64L * 1024 * 1024;

    /// <summary>
    /// How many bytes the body of an answer that is kept (<c>KeepAnswer</c>) may have. A larger one fails and is not charged.
    /// </summary>
    /// <value>1 MiB; 1 KiB to 64 MiB.</value>
    public int KeptAnswerLimit { get; set; } = 1024 * 1024;

    /// <summary>How many bytes a provider's message may have; a longer one is answered 413.</summary>
    /// <value>64 KiB; 1 KiB to 10 MiB.</value>
    public int WebhookBodyLimit { get; set; } = 64 * 1024;

    /// <summary>How many messages that fail verification an address may send in a minute; more are answered 429.</summary>
    /// <value>60; at least 1. Messages that verify are never limited.</value>
    public int FailedWebhooksPerMinute { get; set; } = 60;

    /// <summary>
    /// Makes a page of its own for a customer without enough credits, instead of the problem answer of <c>RequireCredits</c>.
    /// It gets the request and the numbers; returning null falls back on the problem answer. The page should answer 402.
    /// </summary>
    /// <value>null.</value>
    public Func<HttpContext, InsufficientCredits, ValueTask<IResult?>>? Paywall { get; set; }
}

/// <summary>A limit on requests: a bucket of tokens.</summary>
/// <param name="Burst">How many at once, at least 1.</param>
/// <param name="PerSecond">How many a second after that, at least 1.</param>
public sealed record FloodLimit(int Burst, int PerSecond);

/// <summary>Why an action was refused with 402.</summary>
/// <param name="Action">The action's id.</param>
/// <param name="Balance">What the account has, in credits.</param>
/// <param name="Required">What the action costs, in credits.</param>
public sealed record InsufficientCredits(string Action, long Balance, long Required);
