using Microsoft.Extensions.Localization;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Site;

namespace Sinterklaas.Web.Gifts;

/// <summary>What a visitor typed, right or wrong.</summary>
public sealed record GiftInput
{
    public const int MaxName = 60;
    public const int MaxStory = 600;
    public const int MinAge = 1;
    public const int MaxAge = 12;

    public string? ChildName { get; init; }

    public int? Age { get; init; }

    public string? GoodDeeds { get; init; }

    public string? Wishes { get; init; }

    public string? Language { get; init; }

    public LetterRequest ToRequest() =>
        new(ChildName!.Trim(), Age!.Value, GoodDeeds!.Trim(), Wishes!.Trim(), LanguageOrDefault());

    /// <summary>What is wrong, by the name of the field.</summary>
    public Dictionary<string, string[]> Check(IStringLocalizer<Texts> T)
    {
        var errors = new Dictionary<string, string[]>();
        CheckText("childName", ChildName, MaxName, T["Hoe heet het kind?"]);
        if (Age is not (>= MinAge and <= MaxAge))
        {
            errors["age"] = [T["Vul een leeftijd in van {0} tot {1} jaar.", MinAge, MaxAge]];
        }

        CheckText("goodDeeds", GoodDeeds, MaxStory, T["Wat ging er goed dit jaar? Eén ding is genoeg."]);
        CheckText("wishes", Wishes, MaxStory, T["Wat staat er op het verlanglijstje? Eén ding is genoeg."]);
        if (!Languages.Names.ContainsKey(LanguageOrDefault()))
        {
            errors["language"] = [T["Kies een van deze talen: {0}.", string.Join(", ", Languages.Names.Keys)]];
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
                errors[field] = [T["Dat is te lang: schrijf hoogstens {0} tekens.", max]];
            }
            else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            {
                errors[field] = [T["Hier staan tekens in die niet in een brief passen."]];
            }
        }
    }

    private string LanguageOrDefault() =>
        string.IsNullOrWhiteSpace(Language) ? "nl" : Language.Trim().ToLowerInvariant();
}
