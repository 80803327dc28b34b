namespace Sinterklaas.Web.Gifts;

/// <summary>The form as it was sent, kept for the rest of the request: pages show it again as it was.</summary>
public sealed record GiftForm(GiftInput Input, FieldErrors Errors)
{
    public GiftForm()
        : this(new GiftInput { Language = Languages.Current }, new FieldErrors()) { }

    /// <summary>Names one press on a button, so that it is paid for once however often it is sent.</summary>
    public string Key { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether something was made before with the same words.</summary>
    public bool IsNext { get; init; }

    /// <summary>Reads and checks a request before any credit is touched: nobody pays for something that cannot be made.</summary>
    /// <returns>The answer to bad input; null when the gift can be made.</returns>
    public static async ValueTask<IResult?> CheckAsync(HttpContext context)
    {
        var (form, problem) = await ReadAsync(context.Request, context.RequestAborted);
        if (form is null)
        {
            return problem;
        }

        context.Features.Set(form);
        return form.Errors.Count == 0 ? null
            // Without a body the error page answers: it shows the form again, with what is wrong.
            : context.Request.HasFormContentType ? Results.StatusCode(StatusCodes.Status400BadRequest)
            : ApiProblem.Invalid(form.Errors);
    }

    /// <returns>The form, right or wrong; or null, and the answer to a body that cannot be read.</returns>
    public static async Task<(GiftForm? Form, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var (input, problem) = request.HasFormContentType
            ? await FormBody.ReadAsync<GiftInput>(request, ct)
            : await JsonBody.ReadAsync<GiftInput>(request, ct);
        if (input is null)
        {
            return (null, problem);
        }

        var T = request.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        var form = new GiftForm(input, input.Check(T));
        var isNamed = request.HasFormContentType && !string.IsNullOrEmpty(request.Form["idempotencyKey"]);
        return (isNamed ? form with { Key = request.Form["idempotencyKey"].ToString() } : form, null);
    }
}
