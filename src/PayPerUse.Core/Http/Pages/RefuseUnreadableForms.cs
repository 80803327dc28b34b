using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http.Pages;

/// <summary>Runs no page on a form that ends early or is malformed: model binding would go on as if nothing had been sent, or fail.</summary>
internal sealed class RefuseUnreadableForms : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;

        // The error page has something to tell, whatever was sent.
        var isErrorPage = http.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        var problem =
            http.Request.HasFormContentType && !isErrorPage
                ? await FindProblemAsync(http.Request, http.RequestAborted).ConfigureAwait(false)
                : null;
        if (problem is not null)
        {
            await problem.ExecuteAsync(http).ConfigureAwait(false);
            context.Result = new EmptyResult();
            return;
        }

        await next().ConfigureAwait(false);
    }

    private static async Task<IResult?> FindProblemAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (form, problem) = await FormBody.ReadAsync(request, cancellationToken).ConfigureAwait(false);

        // Binding reads names[like][this], and throws at one that stays open.
        return form?.Keys.FirstOrDefault(n => n.LastIndexOf('[') > n.LastIndexOf(']')) is { } open
            ? Problem.Invalid(open, "has no closing bracket in its name.")
            : problem;
    }
}
