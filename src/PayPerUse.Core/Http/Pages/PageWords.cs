using System.Text.Json;

namespace PayPerUse.Http.Pages;

/// <summary>The words of one page in one language: by language and key in a JSON file beside the page.</summary>
internal sealed class PageWords(string language, IReadOnlyDictionary<string, string> words)
{
    /// <summary>One of <c>nl fr de en</c>.</summary>
    public string Language => language;

    public string this[string key] => words[key];

    /// <summary>Reads a file's words in all languages.</summary>
    public static Dictionary<string, PageWords> Read(string file)
    {
        using var json = PageResource.Open(file);
        return JsonSerializer
            .Deserialize<Dictionary<string, Dictionary<string, string>>>(json)!
            .ToDictionary(l => l.Key, l => new PageWords(l.Key, l.Value), StringComparer.Ordinal);
    }
}
