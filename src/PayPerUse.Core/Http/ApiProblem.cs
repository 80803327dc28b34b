using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using PayPerUse.Credits;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http;

/// <summary>
/// Errors of the app's own endpoints in the form of the contract: <c>application/problem+json</c> (RFC 9457) with a stable
/// <c>code</c> and an absolute <c>type</c>, never kept by a cache.
/// </summary>
public static class ApiProblem
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Makes an error. A 503 says <c>"outcome":"not-applied"</c> (nothing has happened) and when to try again: in a minute, unless
    /// told otherwise. Where it is not certain that nothing has happened, use <see cref="Unavailable"/>.
    /// </summary>
    /// <param name="status">The status, 400 to 599.</param>
    /// <param name="code">What clients depend on, such as <c>rate-limited</c>; also the end of the type.</param>
    /// <param name="title">A few words that are the same for every error of this code.</param>
    /// <param name="detail">What happened this time, and what to do about it.</param>
    /// <param name="retryAfter">When to try again; sent as <c>Retry-After</c> in whole seconds, at least one.</param>
    public static IResult Create(
        int status,
        string code,
        string title,
        string? detail = null,
        TimeSpan? retryAfter = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        var isUnavailable = status == StatusCodes.Status503ServiceUnavailable;
        var problem = new ProblemAnswer(status, code, title, detail)
        {
            RetryAfter = retryAfter ?? (isUnavailable ? DefaultWait : null),
        };
        return isUnavailable ? problem.WithOutcome(CreditOperationOutcome.NotApplied) : problem;
    }

    /// <summary>
    /// Makes the error of a status that nobody said more about, such as that of an address that does not exist:
    /// <c>sign-in-required</c>, <c>refused</c>, <c>not-found</c>, <c>too-many-requests</c>, <c>unavailable</c>, else <c>status-405</c> and
    /// the like.
    /// </summary>
    /// <param name="status">The status, 400 to 599.</param>
    public static IResult Create(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => Problem.SignInRequired(),
            StatusCodes.Status403Forbidden => Create(status, "refused", "Refused"),
            StatusCodes.Status404NotFound => Problem.NotFound(),
            StatusCodes.Status429TooManyRequests => Problem.Flooded(DefaultWait),
            StatusCodes.Status503ServiceUnavailable => Create(status, "unavailable", "Not available now"),
            _ => Create(
                status,
                $"status-{status}",
                ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } reason ? reason : "Error"
            ),
        };

    /// <summary>Makes a 503 that says whether anything has happened.</summary>
    /// <param name="code">What clients depend on, such as <c>unavailable</c>; also the end of the type.</param>
    /// <param name="detail">What does not work now, and what to do about it.</param>
    /// <param name="retryAfter">When to try again; sent as <c>Retry-After</c> in whole seconds, at least one.</param>
    /// <param name="mayHaveHappened">
    /// Whether the request may have changed something all the same; <c>outcome</c> is then <c>unknown</c>, else <c>not-applied</c>.
    /// </param>
    public static IResult Unavailable(string code, string detail, TimeSpan retryAfter, bool mayHaveHappened = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        ArgumentException.ThrowIfNullOrWhiteSpace(detail);
        return Problem.Unavailable(
            code,
            detail,
            retryAfter,
            mayHaveHappened ? CreditOperationOutcome.Unknown : CreditOperationOutcome.NotApplied
        );
    }

    /// <summary>Makes a 400 that names every wrong field in <c>errors</c>.</summary>
    /// <param name="errors">What is wrong, by the name of the field; at least one.</param>
    /// <param name="code">What clients depend on.</param>
    public static IResult Invalid(IEnumerable<KeyValuePair<string, string[]>> errors, string code = "invalid-request")
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        var fields = new InvalidFields();
        foreach (var (field, texts) in errors)
        {
            foreach (var text in texts)
            {
                fields.Add(field, text, code);
            }
        }

        return fields.ToProblem() ?? throw new ArgumentException("There must be an error to tell.", nameof(errors));
    }

    /// <summary>Makes a 400 about one field.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <param name="code">What clients depend on.</param>
    public static IResult Invalid(string field, string error, string code = "invalid-request") =>
        Invalid([new(field, [error])], code);
}
