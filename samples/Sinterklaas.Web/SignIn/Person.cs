using System.Security.Claims;

namespace Sinterklaas.Web.SignIn;

public static class Person
{
    /// <summary>The opaque id of who is signed in; also the owner of the credits.</summary>
    public static string UserId(this ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier)!;
}
