using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http;
using PayPerUse.Http.Charging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Charges credits for endpoints: minimal APIs, controllers, Razor Pages and groups.</summary>
/// <remarks>
/// Reserve, run, commit, or 402. An ordinary answer is held back until its charge is committed; an exception, a status of 400 or
/// more, or <see cref="PayPerUseHttpContextExtensions.ReleaseCredits"/> releases it. On pages only unsafe methods charge.
/// </remarks>
public static class RequireCreditsExtensions
{
    /// <summary>Charges a registered action's price; of a range, the most, unless the action commits less.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint, or a group.</param>
    /// <param name="action">An action's id, registered with <c>AddAction</c>. An unknown one stops the host at start.</param>
    public static TBuilder RequireCredits<TBuilder>(this TBuilder builder, string action)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Require(new RequireCreditsAttribute(action) { IsConvention = true });

    /// <summary>Charges a number of credits.</summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">The endpoint, or a group.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What history calls it: 1 to 64 visible characters.</param>
    public static TBuilder RequireCredits<TBuilder>(
        this TBuilder builder,
        long credits,
        string action = RequireCreditsAttribute.DefaultAction
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.Require(new RequireCreditsAttribute(credits, action) { IsConvention = true });

    /// <summary>
    /// Sends the answer while it is made and charges at its end. A client that leaves after the first byte is charged, a fault of
    /// the server is not; what was sent but could not be charged is the seller's loss, and is counted.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">An endpoint with <c>RequireCredits</c>, or a group.</param>
    public static TBuilder StreamAnswer<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new StreamAnswerAttribute());

    /// <summary>
    /// Keeps the paid answer and gives it again, for free, to the same account with the same Idempotency-Key, instead of
    /// 409 <c>already-done</c>. It is saved before the charge: never lost once charged, never given unless charged. Needs Data
    /// Protection (<c>AddDataProtection</c>). With <c>StreamAnswer</c>, a copy is kept once the stream has ended well; one that broke,
    /// or was too large (<c>KeptAnswerLimit</c>), is not.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">An endpoint with <c>RequireCredits</c>, or a group.</param>
    /// <param name="time">How long: more than 0, up to 90 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of its range.</exception>
    public static TBuilder KeepAnswer<TBuilder>(this TBuilder builder, TimeSpan time)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new KeepAnswerAttribute(time));

    /// <summary>
    /// Looks at the request before any credit is reserved, so that bad input is answered 400 also to who has no credits, and does
    /// not count in the rate window. The body may be read: it is read again by the endpoint. An endpoint that requires no credits,
    /// because what it makes is given away, checks first too.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoint.</typeparam>
    /// <param name="builder">An endpoint, or a group; the app has <c>AddPayPerUse</c>.</param>
    /// <param name="check">Returns the answer to a bad request, or null when it may go on.</param>
    public static TBuilder CheckFirst<TBuilder>(this TBuilder builder, Func<HttpContext, ValueTask<IResult?>> check)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(check);
        return builder.WithMetadata(new FirstCheck(check));
    }

    private static TBuilder Require<TBuilder>(this TBuilder builder, RequireCreditsAttribute requirement)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithMetadata(requirement);

        // Fails closed: an endpoint that should be paid for never runs without the services that charge for it.
        builder.Finally(e =>
        {
            if (e.ApplicationServices.GetService<CreditGate>() is null)
            {
                throw new InvalidOperationException("RequireCredits needs builder.Services.AddPayPerUse().");
            }
        });
        return builder;
    }
}
