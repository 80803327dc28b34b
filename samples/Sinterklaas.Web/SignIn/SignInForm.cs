namespace Sinterklaas.Web.SignIn;

/// <summary>The form that asks for a code, as it is shown.</summary>
public sealed record SignInForm(string? Email, string? ReturnUrl, string? Error)
{
    public static readonly SignInForm Empty = new(null, null, null);
}
