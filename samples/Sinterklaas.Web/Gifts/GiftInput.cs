using System.Text.Json.Serialization;

namespace Sinterklaas.Web.Gifts;

public sealed record Child(string? ChildName, int? Age);

/// <summary>What a visitor typed, right or wrong.</summary>
/// <param name="Children">The other children, when the letter is for several.</param>
/// <param name="ToImprove">Something to work on; may be left out.</param>
/// <param name="ParentNote">For the maker's and the parents' eyes only; may be left out.</param>
/// <param name="Language">Of the letter: <c>nl</c>, <c>fr</c>, <c>de</c> or <c>en</c>. Dutch when it is left out.</param>
public sealed record GiftInput(
    string? ChildName = null,
    int? Age = null,
    IReadOnlyList<Child>? Children = null,
    string? GoodDeeds = null,
    string? ToImprove = null,
    string? Wishes = null,
    string? ParentNote = null,
    string? Language = null
)
{
    public const int MaxChildren = 6;
    public const int MaxName = 60;
    public const int MaxStory = 600;
    public const int MinAge = 1;
    public const int MaxAge = 12;

    public string? Language
    {
        get;
        init => field = CodeOf(value);
    } = CodeOf(Language);

    [JsonIgnore]
    public IReadOnlyList<Child> All => [new(ChildName, Age), .. Children ?? []];

    /// <summary>Who it is for, as a letter names them.</summary>
    [JsonIgnore]
    public string Names => string.Join(", ", ChildWords.Read(this, PhraseBook.For(Language)).Names);

    private static string CodeOf(string? typed) =>
        string.IsNullOrWhiteSpace(typed) ? "nl" : typed.Trim().ToLowerInvariant();

    /// <summary>What is wrong, by the name of the field; that of another child is <c>children[0].age</c>.</summary>
    public FieldErrors Check(IStringLocalizer<Texts> T)
    {
        var errors = new FieldErrors();
        var children = All;
        var tooMany = T["Een brief is voor hoogstens {0} kinderen.", MaxChildren];
        errors.Refuse("children", children.Count > MaxChildren, tooMany);
        for (var i = 0; i < Math.Min(children.Count, MaxChildren); i++)
        {
            var at = i == 0 ? "" : $"children[{i - 1}].";
            CheckText(at + "childName", children[i]?.ChildName, MaxName, T["Hoe heet het kind?"]);
            var hasAge = children[i]?.Age is >= MinAge and <= MaxAge;
            errors.Refuse(at + "age", !hasAge, T["Vul een leeftijd in van {0} tot {1} jaar.", MinAge, MaxAge]);
        }

        CheckText("goodDeeds", GoodDeeds, MaxStory, T["Wat ging er goed dit jaar? Eén ding is genoeg."]);
        CheckText("toImprove", ToImprove, MaxStory);
        CheckText("wishes", Wishes, MaxStory, T["Wat staat er op het verlanglijstje? Eén ding is genoeg."]);
        CheckText("parentNote", ParentNote, MaxStory);
        var languages = Languages.Names;
        errors.Refuse(
            "language",
            !languages.ContainsKey(Language!),
            T["Kies een van deze talen: {0}.", string.Join(", ", languages.Keys)]
        );
        return errors;

        void CheckText(string field, string? text, int max, string? whenEmpty = null)
        {
            errors.Refuse(field, whenEmpty is not null && string.IsNullOrWhiteSpace(text), whenEmpty ?? field);
            // A browser counts the end of a line as one character, and sends two.
            var isLong = text?.Length > 2 * max || text?.ReplaceLineEndings("\n").Trim().Length > max;
            errors.Refuse(field, isLong, T["Dat is te lang: schrijf hoogstens {0} tekens.", max]);
            var isStrange = text?.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) == true;
            errors.Refuse(field, isStrange, T["Hier staan tekens in die niet in een brief passen."]);
        }
    }
}
