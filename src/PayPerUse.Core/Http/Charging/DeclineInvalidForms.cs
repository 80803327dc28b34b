using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace PayPerUse.Http.Charging;

/// <summary>A form that is shown again because its input is invalid was not worth a credit.</summary>
internal sealed class DeclineInvalidForms : IAlwaysRunResultFilter, IConfigureOptions<MvcOptions>
{
    public void Configure(MvcOptions options)
    {
        if (!options.Filters.OfType<DeclineInvalidForms>().Any())
        {
            options.Filters.Add(this);
        }
    }

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is PageResult or ViewResult && !context.ModelState.IsValid)
        {
            context.HttpContext.ReleaseCredits();
        }
    }

    public void OnResultExecuted(ResultExecutedContext context) { }
}
