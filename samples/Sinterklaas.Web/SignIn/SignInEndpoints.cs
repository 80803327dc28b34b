using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sinterklaas.Web.Mail;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.SignIn;

public sealed record SignInBody(string? Email);

public sealed record VerifyBody(string? Email, string? Code, string? Ticket);

/// <summary>Signing in by JSON, for front ends of other makes. The pages in <c>Pages/SignIn</c> do the same with forms.</summary>
public static class SignInEndpoints
{
    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/signin", SendAsync).Accepts<SignInBody>(Json.ContentType);
        app.MapPost("/signin/verify", VerifyAsync).Accepts<VerifyBody>(Json.ContentType);
        app.MapPost("/signout", SignOutAsync);
    }

    private static async Task<IResult> SendAsync(
        HttpContext context,
        SignInCodes codes,
        SignInCookie cookie,
        SignInTexts texts,
        CancellationToken ct
    )
    {
        var (body, errors) = await Json.ReadAsync<SignInBody>(context.Request, ct);
        var email = EmailAddress.Normalize(body?.Email);
        if (errors is null && !EmailAddress.IsValid(email))
        {
            errors = Problems.Error("email", texts.BadEmail);
        }

        if (errors is not null)
        {
            return Problems.Invalid(context, errors);
        }

        try
        {
            var sent = await codes.SendAsync(email!, context.Connection.RemoteIpAddress, ct);
            if (sent.Ticket is null)
            {
                return Problems.TooMany(context, texts.TooManyMails, sent.RetryAfter);
            }

            // The ticket ties the code to whoever asked: browsers have it in the cookie, others send it back in "ticket".
            cookie.Write(context, new SignInAsked(email!, sent.Ticket, ReturnUrl: null));
            return Results.Ok(new { email, sent.Ticket });
        }
        catch (MailFailedException)
        {
            return Problems.Unavailable(context, texts.MailFailed);
        }
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context,
        SignInCodes codes,
        SignInCookie cookie,
        SignInTexts texts,
        SignedIn signedIn,
        CancellationToken ct
    )
    {
        var (body, errors) = await Json.ReadAsync<VerifyBody>(context.Request, ct);
        var email = EmailAddress.Normalize(body?.Email);
        var code = body?.Code?.Trim();
        if (errors is null && !EmailAddress.IsValid(email))
        {
            errors = Problems.Error("email", texts.BadEmail);
        }
        else if (errors is null && string.IsNullOrEmpty(code))
        {
            errors = Problems.Error("code", texts.NoCode);
        }

        if (errors is not null)
        {
            return Problems.Invalid(context, errors);
        }

        var tried = await codes.TryAsync(email!, code!, body!.Ticket ?? cookie.Read(context)?.Ticket, ct);
        if (tried.RetryAfter is not null)
        {
            return Problems.TooMany(context, texts.TooManyTries, tried.RetryAfter);
        }

        if (tried.User is null)
        {
            return Problems.Invalid(context, Problems.Error("code", texts.WrongCode), "wrong-code");
        }

        cookie.Delete(context);
        var (accessToken, lifetime) = await signedIn.WithTokenAsync(tried.User, ct);
        return Results.Ok(
            new
            {
                tokenType = "Bearer",
                accessToken,
                expiresIn = (long)lifetime.TotalSeconds,
            }
        );
    }

    private static async Task SignOutAsync(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<Sessions>().EndAsync(context.User, context.RequestAborted);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (context.Request.AcceptsPage())
        {
            context.Response.Redirect("/");
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
