namespace PayPerUse.Http;

/// <summary>
/// Beside <see cref="RequireCreditsAttribute"/>: sends the answer while it is made and charges at its end, instead of holding it
/// back until it is charged.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class StreamAnswerAttribute : Attribute;
