using Sinterklaas.Web.Letters;

namespace Sinterklaas.Web.Gifts;

/// <summary>What a visitor typed, right or wrong.</summary>
public sealed record GiftInput
{
    public const int MaxName = 60;
    public const int MaxStory = 600;
    public const int MinAge = 1;
    public const int MaxAge = 12;
    public static readonly IReadOnlyDictionary<string, string> Languages = new Dictionary<string, string>
    {
        ["nl"] = "Nederlands",
        ["fr"] = "Français",
        ["de"] = "Deutsch",
        ["en"] = "English",
    };

    public string? ChildName { get; init; }

    public int? Age { get; init; }

    public string? GoodDeeds { get; init; }

    public string? Wishes { get; init; }

    public string? Language { get; init; }

    public LetterRequest ToRequest() =>
        new(ChildName!.Trim(), Age!.Value, GoodDeeds!.Trim(), Wishes!.Trim(), LanguageOrDefault());

    /// <summary>What is wrong, by the name of the field.</summary>
    public Dictionary<string, string[]> Check()
    {
        var errors = new Dictionary<string, string[]>();
        CheckText("childName", ChildName, MaxName, "Hoe heet het kind?");
        if (Age is not (>= MinAge and <= MaxAge))
        {
            errors["age"] = [$"Vul een leeftijd in van {MinAge} tot {MaxAge} jaar."];
        }

        CheckText("goodDeeds", GoodDeeds, MaxStory, "Wat ging er goed dit jaar? Eén ding is genoeg.");
        CheckText("wishes", Wishes, MaxStory, "Wat staat er op het verlanglijstje? Eén ding is genoeg.");
        if (!Languages.ContainsKey(LanguageOrDefault()))
        {
            errors["language"] = [$"Kies een van deze talen: {string.Join(", ", Languages.Keys)}."];
        }

        return errors;

        void CheckText(string field, string? text, int max, string whenEmpty)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                errors[field] = [whenEmpty];
            }
            else if (text.Trim().Length > max)
            {
                errors[field] = [$"Dat is te lang: schrijf hoogstens {max} tekens."];
            }
            else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            {
                errors[field] = ["Hier staan tekens in die niet in een brief passen."];
            }
        }
    }

    private string LanguageOrDefault() =>
        string.IsNullOrWhiteSpace(Language) ? "nl" : Language.Trim().ToLowerInvariant();
}
