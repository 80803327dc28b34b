namespace Sinterklaas.Web;

/// <summary>
/// What visitors read, for <c>IStringLocalizer&lt;Texts&gt;</c>: the Dutch text is the key, and <c>Texts/Texts.{fr,de,en}.resx</c>
/// hold the other languages, one line an entry.
/// </summary>
public sealed class Texts;
