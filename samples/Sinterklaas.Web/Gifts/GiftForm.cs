using System.Globalization;
using Microsoft.Extensions.Localization;
using PayPerUse.Http;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Gifts;

/// <summary>The form as it was sent, kept for the rest of the request: pages show it again as it was.</summary>
public sealed record GiftForm(GiftInput Input, IReadOnlyDictionary<string, string[]> Errors)
{
    public static GiftForm Empty => new(new GiftInput(), new Dictionary<string, string[]>());

    /// <summary>Names one press on a button, so that it is paid for once however often it is sent.</summary>
    public string Key { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether something was made before with the same words.</summary>
    public bool IsNext { get; init; }

    public string? ErrorOf(string field) => Errors.TryGetValue(field, out var errors) ? errors[0] : null;

    /// <summary>Another one for the same child.</summary>
    public static GiftForm Of(Gift gift) =>
        new(
            new GiftInput
            {
                ChildName = gift.ChildName,
                Age = gift.Age,
                GoodDeeds = gift.GoodDeeds,
                Wishes = gift.Wishes,
                Language = gift.Language,
            },
            Empty.Errors
        )
        {
            IsNext = true,
        };

    /// <summary>Reads and checks a request before any credit is touched: nobody pays for something that cannot be made.</summary>
    /// <returns>The answer to bad input; null when the gift can be made.</returns>
    public static async ValueTask<IResult?> CheckAsync(HttpContext context)
    {
        var form = await ReadAsync(context.Request, context.RequestAborted);
        context.Features.Set(form);
        return form.Errors.Count == 0 ? null
            // Without a body the error page answers: it shows the form again, with what is wrong.
            : context.Request.HasFormContentType ? Results.StatusCode(StatusCodes.Status400BadRequest)
            : ApiProblem.Invalid(form.Errors);
    }

    public static async Task<GiftForm> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var T = request.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        if (!request.HasFormContentType)
        {
            var (body, errors) = await JsonBody.ReadAsync<GiftInput>(request, ct);
            return new GiftForm(body ?? new GiftInput(), body is null ? errors : body.Check(T));
        }

        var fields = await request.ReadFormAsync(ct);
        var input = new GiftInput
        {
            ChildName = fields["childName"],
            Age = int.TryParse(fields["age"], NumberStyles.None, CultureInfo.InvariantCulture, out var age)
                ? age
                : null,
            GoodDeeds = fields["goodDeeds"],
            Wishes = fields["wishes"],
            Language = fields["language"],
        };
        var form = new GiftForm(input, input.Check(T));
        return fields["idempotencyKey"] is [{ Length: > 0 } key] ? form with { Key = key } : form;
    }
}
