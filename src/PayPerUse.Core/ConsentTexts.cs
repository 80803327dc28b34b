namespace PayPerUse;

/// <summary>What a customer agrees to before paying, where the app has no words of its own.</summary>
internal static class ConsentTexts
{
    public const int MaxLength = 1000;

    public static string Of(string language) =>
        language switch
        {
            "nl" =>
                "Ik vraag dat mijn credits meteen bruikbaar zijn, en ik weet dat ik mijn herroepingsrecht verlies voor de credits die ik gebruik.",
            "fr" =>
                "Je demande que mes crédits soient utilisables tout de suite, et je sais que je perds mon droit de rétractation pour les crédits que j’utilise.",
            "de" =>
                "Ich möchte, dass meine Credits sofort nutzbar sind, und weiß, dass ich mein Widerrufsrecht für die Credits verliere, die ich verbrauche.",
            _ =>
                "I ask that my credits can be used at once, and I know that I lose my right of withdrawal for the credits that I use.",
        };
}
