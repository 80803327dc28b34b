using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.SignIn.Mailing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the local mailbox.</summary>
public static class LocalMailboxEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the local mailbox, where mails come there (<see cref="LocalMailbox.IsOn"/>), and nothing elsewhere:
    /// <c>GET /dev/mail?to=EMAIL</c> for scripts, an array of <c>{"to","subject","text","at"}</c>, newest first, and
    /// <c>GET /dev/mailbox</c> for people. Both are open to whoever sits at this machine, and 404 for anybody else.
    /// </summary>
    /// <param name="endpoints">The app, with <c>AddMailSender</c>.</param>
    /// <returns>Both of them together, for conventions.</returns>
    public static IEndpointConventionBuilder MapLocalMailbox(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var mailbox =
            endpoints.ServiceProvider.GetService<LocalMailbox>()
            ?? throw new InvalidOperationException(
                "MapLocalMailbox needs builder.Services.AddMailSender(builder.Configuration)."
            );
        var all = endpoints.MapGroup("/dev").AllowAnonymous().ExcludeFromDescription();
        if (mailbox.IsOn)
        {
            all.AddEndpointFilter((context, next) => AnswerAsync(mailbox, context, next));
            all.MapGet("/mail", ReadAsync);
            all.MapGet("/mailbox", ShowAsync);
        }

        return all;
    }

    private static ValueTask<object?> AnswerAsync(
        LocalMailbox mailbox,
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        if (!mailbox.Answers(invocation.HttpContext.Request))
        {
            return ValueTask.FromResult<object?>(Results.NotFound());
        }

        invocation.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(invocation);
    }

    private static async Task<IResult> ReadAsync(
        string? to,
        LocalMailbox mailbox,
        CancellationToken cancellationToken
    ) => Results.Json(await mailbox.ReadAsync(to, cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> ShowAsync(LocalMailbox mailbox, CancellationToken cancellationToken) =>
        new LocalMailboxPage(await mailbox.ReadAsync(to: null, cancellationToken).ConfigureAwait(false));
}
