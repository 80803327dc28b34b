using Microsoft.AspNetCore.Http;
using PayPerUse.SignIn;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>Pages of sign-in, so that a browser can do it too.</summary>
internal sealed class MarkedPages : ISignInPages
{
    public IResult AskEmail(SignInForm form) => Results.Text("email " + form.Error);

    public IResult AskCode(SignInForm form) => Results.Text("code " + form.Error);
}
