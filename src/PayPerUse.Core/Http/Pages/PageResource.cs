namespace PayPerUse.Http.Pages;

/// <summary>A file that is built into this assembly.</summary>
internal static class PageResource
{
    /// <summary>A text file, with the line ends that a browser makes of any others.</summary>
    public static string Read(string name)
    {
        using var file = Open(name);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    public static Stream Open(string name) =>
        typeof(PageResource).Assembly.GetManifestResourceStream("PayPerUse." + name)!;
}
