using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PayPerUse.Http;
using PayPerUse.Http.Charging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what takes a while to make.</summary>
public static class PayPerUseWorkExtensions
{
    /// <summary>
    /// Maps <c>POST {pattern}</c>, which answers when all is made (201 to scripts, a redirect to forms), and
    /// <c>POST {pattern}/stream</c>, which tells what happens, a JSON object on each line: what the work tells, and at last
    /// <c>{"made":…,"url":…}</c> or <c>{"error":…}</c>. Who leaves a stream halfway finds it made: the work goes on, and the credits buy
    /// the whole.
    /// </summary>
    /// <remarks>
    /// What fails or takes too long costs nothing: the whole is answered 503 (bare to forms and browsers, for
    /// <c>UseStatusCodePages</c>), and the log says why.
    /// </remarks>
    /// <typeparam name="TMade">What is made.</typeparam>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">Its address, such as <c>/letters</c>.</param>
    /// <param name="work">How it is made.</param>
    /// <returns>Both of them together, for <c>RequireCredits</c>, <c>KeepAnswer</c>, <c>CheckFirst</c> and their like.</returns>
    public static RouteGroupBuilder MapWork<TMade>(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string pattern,
        CreditWork<TMade> work
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(work);
        var group = endpoints.MapGroup(pattern);
        group.MapPost("", (Delegate)WholeAsync);
        group.MapPost("/stream", (HttpContext context) => WorkAnswers.StreamAsync(context, work)).StreamAnswer();
        return group;

        Task<IResult> WholeAsync(HttpContext context) => WorkAnswers.WholeAsync(context, work);
    }
}
