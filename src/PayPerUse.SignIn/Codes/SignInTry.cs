namespace PayPerUse.SignIn.Codes;

/// <summary>One mail sent or one code tried; counted to keep within the limits, on whichever host it happened.</summary>
internal sealed class SignInTry
{
    public long Id { get; init; }

    /// <summary>What is limited, and the hash of whom, such as <c>mail:9f86d0…</c>.</summary>
    public required string Key { get; init; }

    public DateTimeOffset At { get; init; }
}
