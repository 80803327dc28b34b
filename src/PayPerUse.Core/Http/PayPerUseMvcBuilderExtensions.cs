using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using PayPerUse.Http.Pages;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives an app's pages and controllers the rules that PayPerUse has for its own endpoints.</summary>
public static class PayPerUseMvcBuilderExtensions
{
    /// <summary>
    /// Leaves it to <c>app.UseCrossSiteGuard()</c>, which must be there, to refuse forms from other sites, so that pages need no
    /// antiforgery token and may be kept or carried on; and answers 400 to a form that ends early or is malformed, instead of
    /// running a page as if nothing had been sent, and 405 to a method that a page has no handler for, instead of showing a page for
    /// which nothing was read.
    /// </summary>
    /// <param name="builder">Of <c>AddRazorPages</c> or <c>AddControllersWithViews</c>.</param>
    public static IMvcBuilder AddGuardedForms(this IMvcBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .AddMvcOptions(o =>
            {
                o.Filters.Add(new IgnoreAntiforgeryTokenAttribute());
                o.Filters.Add(new RefuseUnreadableForms());
                o.Filters.Add(new RefuseOtherMethods());
            })
            .AddRazorPagesOptions(o => o.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute()));
    }
}
