using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace Sinterklaas.Web.Site;

/// <summary>Errors for scripts, in the form that PayPerUse answers too (RFC 9457, with a stable <c>code</c>).</summary>
public static class Problems
{
    private const string TypeBase = "https://payperuse.dev/problems/";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    public static Dictionary<string, string[]> Error(string field, string message) => new() { [field] = [message] };

    public static IResult Invalid(
        HttpContext context,
        Dictionary<string, string[]> errors,
        string code = "invalid-request"
    ) =>
        Results.ValidationProblem(
            errors,
            title: T(context)["Er klopt iets niet."],
            type: TypeBase + code,
            extensions: [new("code", code)]
        );

    public static IResult TooMany(HttpContext context, string detail, TimeSpan? retryAfter) =>
        Later(
            context,
            StatusCodes.Status429TooManyRequests,
            "rate-limited",
            T(context)["Even wachten."],
            detail,
            retryAfter
        );

    public static IResult Unavailable(HttpContext context, string detail) =>
        Later(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            T(context)["Nu even niet."],
            detail,
            Soon
        );

    /// <summary>A problem that its status says all about.</summary>
    public static ProblemDetails Plain(int status, string title, string detail)
    {
        var code = status switch
        {
            401 => "sign-in-required",
            403 => "refused",
            404 => "not-found",
            _ => "status-" + status.ToString(CultureInfo.InvariantCulture),
        };
        return new ProblemDetails
        {
            Type = TypeBase + code,
            Title = title,
            Status = status,
            Detail = detail,
            Extensions = { ["code"] = code },
        };
    }

    public static IResult CrossSite(HttpContext context) =>
        Results.Problem(
            T(context)["Dit verzoek kwam van een andere site."],
            statusCode: StatusCodes.Status403Forbidden,
            title: T(context)["Dat mag niet."],
            type: TypeBase + "cross-site",
            extensions: [new("code", "cross-site")]
        );

    /// <summary>Says when trying again makes sense, in whole seconds.</summary>
    public static void RetryAfter(HttpContext context, TimeSpan? wait)
    {
        var seconds = (long)Math.Ceiling((wait ?? Soon).TotalSeconds);
        context.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
    }

    private static IStringLocalizer<Texts> T(HttpContext context) =>
        context.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();

    private static IResult Later(
        HttpContext context,
        int status,
        string code,
        string title,
        string detail,
        TimeSpan? wait
    )
    {
        RetryAfter(context, wait);
        return Results.Problem(
            detail,
            statusCode: status,
            title: title,
            type: TypeBase + code,
            extensions: [new("code", code)]
        );
    }
}
