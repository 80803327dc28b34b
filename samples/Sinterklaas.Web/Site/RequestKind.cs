namespace Sinterklaas.Web.Site;

public static class RequestKind
{
    /// <summary>Whether the sender shows pages to a person, rather than reading JSON.</summary>
    public static bool AcceptsPage(this HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
