using System.Net;

namespace PayPerUse.Payconiq.Wire;

/// <summary>An answer of the API, read to its end.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The whole body.</param>
/// <param name="RetryAfter">How long the API asks us to wait; null when it does not say.</param>
internal sealed record PayconiqReply(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Whether the same question may be answered a moment later.</summary>
    public bool IsTransient => Status == HttpStatusCode.TooManyRequests || MayHaveHappened;

    /// <summary>Whether a failed call may have had an effect all the same.</summary>
    public bool MayHaveHappened => (int)Status >= 500 || Status == HttpStatusCode.RequestTimeout;
}
