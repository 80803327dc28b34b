using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http;

/// <summary>
/// Makes something without the request that asked for it, which may be over: work that does not hear that it was given up runs on.
/// </summary>
/// <typeparam name="TMade">What is made.</typeparam>
/// <param name="tell">
/// Tells how far it is, such as a step that begins or a piece of a text: an object for whoever listens, as JSON for the web. Nobody does
/// when the whole is asked for.
/// </param>
/// <param name="cancellationToken">Gives up: the time is over, or whoever asked for the whole has left.</param>
public delegate Task<TMade> CreditWorkRun<TMade>(Func<object, Task> tell, CancellationToken cancellationToken);

/// <summary>Something that takes a while to make and is sold: a text that a model writes, a recording. See <c>MapWork</c>.</summary>
/// <typeparam name="TMade">What is made.</typeparam>
/// <param name="Begin">Takes what it needs from the request, and says how it is made.</param>
/// <param name="Url">Where what was made is shown: a path of the app.</param>
/// <param name="Answer">What scripts are told of it.</param>
public sealed record CreditWork<TMade>(
    Func<HttpContext, CreditWorkRun<TMade>> Begin,
    Func<TMade, string> Url,
    Func<TMade, object> Answer
)
{
    /// <summary>What takes longer is given up and costs nothing.</summary>
    /// <value>One minute.</value>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether what was made is given away after all, for instance because only a part of it could be made.</summary>
    /// <value>It never is.</value>
    public Func<TMade, bool> IsFree { get; init; } = static _ => false;

    /// <summary>What is said when it could not be made, in the language of the request.</summary>
    /// <value>An English sentence.</value>
    public Func<HttpContext, string> Sorry { get; init; } =
        static _ => "It could not be made now. Nothing was charged; try again later.";
}
