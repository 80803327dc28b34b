using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Http;
using PayPerUse.SignIn.Codes;

namespace PayPerUse.SignIn.Endpoints;

/// <summary>What was sent to sign in, as a form or as JSON.</summary>
internal sealed record SignInInput(string? Email, string? Code, string? Ticket, string? ReturnUrl)
{
    /// <summary>The app's pages when a browser sent a form; null when a script sent JSON.</summary>
    public ISignInPages? Pages { get; private init; }

    /// <summary>Reads a request.</summary>
    /// <returns>The input, or the answer to a body that cannot be read.</returns>
    public static async Task<(SignInInput? Input, IResult? Refusal)> ReadAsync(HttpContext context)
    {
        var pages = context.RequestServices.GetService<ISignInPages>();
        if (pages is null || !context.Request.HasFormContentType)
        {
            var (input, unread) = await JsonBody
                .ReadAsync<SignInInput>(context.Request, context.RequestAborted)
                .ConfigureAwait(false);
            return (input?.Trimmed(), unread);
        }

        var (form, problem) = await FormBody.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        return form is null
            ? (null, problem)
            : (
                new SignInInput(form["email"], form["code"], Ticket: null, form["returnUrl"]).Trimmed() with
                {
                    Pages = pages,
                },
                null
            );
    }

    private SignInInput Trimmed() => this with { Email = EmailAddress.Normalize(Email), Code = Code?.Trim() };
}
