namespace Sinterklaas.Web.Gifts;

/// <summary>The form as it was sent, kept for the rest of the request: pages show it again as it was.</summary>
public sealed record GiftForm(GiftInput Input, IReadOnlyDictionary<string, string[]> Errors)
{
    public GiftForm()
        : this(new GiftInput { Language = Languages.Current }, new Dictionary<string, string[]>()) { }

    /// <summary>Names one press on a button, so that it is paid for once however often it is sent.</summary>
    public string Key { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Whether something was made before with the same words.</summary>
    public bool IsNext { get; init; }

    public string? ErrorOf(string field) => Errors.TryGetValue(field, out var errors) ? errors[0] : null;

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
        var T = request.HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>();
        if (!request.HasFormContentType)
        {
            var (body, unread) = await JsonBody.ReadAsync<GiftInput>(request, ct);
            return body is null ? (null, unread) : (new GiftForm(body, body.Check(T)), null);
        }

        var (fields, problem) = await FormBody.ReadAsync(request, ct);
        if (fields is null)
        {
            return (null, problem);
        }

        var input = InputOf(fields);
        var form = new GiftForm(input, input.Check(T));
        return (fields["idempotencyKey"] is [{ Length: > 0 } key] ? form with { Key = key } : form, null);
    }

    private static GiftInput InputOf(IFormCollection fields)
    {
        // A name and an age for each child: the first by their own names, others as in JSON, or the same names again. Rows that
        // were left empty are no children.
        var others = Enumerable.Range(0, GiftInput.MaxChildren).Select(i => $"children[{i}].");
        Child[] children =
        [
            .. fields["childName"]
                .Select((name, i) => (Name: name, Age: fields["age"].ElementAtOrDefault(i)))
                .Concat(
                    others.Select(at => (Name: (string?)fields[at + "childName"], Age: (string?)fields[at + "age"]))
                )
                .Where((child, i) => i == 0 || !string.IsNullOrWhiteSpace(child.Name + child.Age))
                .Select(child => new Child(child.Name, AgeOf(child.Age))),
        ];
        return new GiftInput
        {
            ChildName = children.FirstOrDefault()?.ChildName,
            Age = children.FirstOrDefault()?.Age,
            Children = children.Length > 1 ? children[1..] : null,
            GoodDeeds = fields["goodDeeds"],
            ToImprove = fields["toImprove"],
            Wishes = fields["wishes"],
            ParentNote = fields["parentNote"],
            Language = fields["language"],
        };
    }

    private static int? AgeOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null;
}
