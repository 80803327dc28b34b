using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace PayPerUse.Http.Pages;

/// <summary>Runs no page on a form that ends early or is malformed: model binding would go on as if nothing had been sent.</summary>
internal sealed class RefuseUnreadableForms : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var http = context.HttpContext;

        // The error page has something to tell, whatever was sent.
        var isErrorPage = http.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (http.Request.HasFormContentType && !isErrorPage)
        {
            var (_, problem) = await FormBody.ReadAsync(http.Request, http.RequestAborted).ConfigureAwait(false);
            if (problem is not null)
            {
                await problem.ExecuteAsync(http).ConfigureAwait(false);
                context.Result = new EmptyResult();
                return;
            }
        }

        await next().ConfigureAwait(false);
    }
}
