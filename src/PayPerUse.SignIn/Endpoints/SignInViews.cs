using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>Shows Razor views of the app without a controller of their own.</summary>
internal sealed class SignInViews(string askEmail, string askCode) : ISignInPages
{
    public IResult AskEmail(SignInForm form) => new View(askEmail, form);

    public IResult AskCode(SignInForm form) => new View(askCode, form);

    private sealed class View(string name, SignInForm form) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var data = new ViewDataDictionary<SignInForm>(new EmptyModelMetadataProvider(), new ModelStateDictionary())
            {
                Model = form,
            };
            var view = new ViewResult { ViewName = name, ViewData = data };
            return view.ExecuteResultAsync(
                new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor())
            );
        }
    }
}
