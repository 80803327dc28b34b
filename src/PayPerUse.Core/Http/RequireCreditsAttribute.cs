using Microsoft.AspNetCore.Mvc.Filters;
using PayPerUse.Credits;
using PayPerUse.Http.Charging;

namespace PayPerUse.Http;

/// <summary>
/// Charges credits for an endpoint: reserve, run, commit, or 402. For controllers, actions, Razor Pages' models and route
/// handlers; the same as <c>RequireCredits(…)</c> on an endpoint or a group. The innermost one counts.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public sealed class RequireCreditsAttribute : Attribute, IAsyncResourceFilter
{
    /// <summary>The action that a plain number of credits is booked under.</summary>
    public const string DefaultAction = "request";

    /// <summary>Charges a registered action's price; of a range, the most, unless the action commits less.</summary>
    /// <param name="action">An action's id, registered with <c>AddAction</c>.</param>
    public RequireCreditsAttribute(string action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Action = action;
    }

    /// <summary>Charges a number of credits.</summary>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What history calls it: 1 to 64 visible characters.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public RequireCreditsAttribute(long credits, string action = DefaultAction)
    {
        // An action has the same rules.
        _ = new CreditAction(action, credits);
        Action = action;
        Credits = credits;
    }

    /// <summary>What the credits are for.</summary>
    public string Action { get; }

    /// <summary>How many; null for the registered price of <see cref="Action"/>.</summary>
    public long? Credits { get; }

    /// <summary>Whether it was said where endpoints are mapped, and not on the class or method itself.</summary>
    internal bool IsConvention { get; init; }

    /// <summary>Fails closed: without the services of AddPayPerUse an MVC action with this attribute does not run.</summary>
    /// <inheritdoc />
    public Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        return context.HttpContext.Features.Get<CreditGateMark>() is not null
            ? next()
            : throw new InvalidOperationException(
                "[RequireCredits] has no effect here: call builder.Services.AddPayPerUse(), and use endpoint routing."
            );
    }
}
