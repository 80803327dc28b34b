using System.Text;
using System.Text.RegularExpressions;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>What a browser prints.</summary>
public static partial class Pdf
{
    public static int PagesIn(byte[] pdf) => Page().Count(Encoding.Latin1.GetString(pdf));

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex Page();
}
