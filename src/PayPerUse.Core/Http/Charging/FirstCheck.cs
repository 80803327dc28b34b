using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Charging;

/// <summary>Endpoint metadata: a look at the request before anything is done for it.</summary>
internal sealed record FirstCheck(Func<HttpContext, ValueTask<IResult?>> Check)
{
    /// <summary>Lets all of them look, in order.</summary>
    /// <returns>The first answer to a bad request; null when it may go on.</returns>
    public static async ValueTask<IResult?> RunAsync(IReadOnlyList<FirstCheck> checks, HttpContext context)
    {
        foreach (var first in checks)
        {
            // Whoever reads the body first must leave it for the next.
            context.Request.EnableBuffering();
            var answer = await first.Check(context).ConfigureAwait(false);
            if (context.Request.Body.CanSeek)
            {
                context.Request.Body.Position = 0;
            }

            if (answer is not null)
            {
                return answer;
            }
        }

        return null;
    }
}
