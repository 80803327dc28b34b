namespace Sinterklaas.Web.Data;

public enum GiftKind
{
    Letter = 1,
    Audio = 2,
}

/// <summary>A letter or an audio message that was made. It is kept, and opens again for free.</summary>
public sealed class Gift
{
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required GiftKind Kind { get; init; }

    /// <summary>What it was made of.</summary>
    public required GiftInput Input { get; init; }

    /// <summary>The letter, or the words that are spoken.</summary>
    public required string Text { get; init; }

    /// <summary>False for a letter, and for a message that the browser speaks.</summary>
    public bool HasSound { get; init; }

    /// <summary>Where its owner hears the recording; null when there is none.</summary>
    public string? SoundUrl => HasSound ? $"/audio/{Id}/sound" : null;

    /// <summary>The recording; loaded only to be listened to.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public GiftSound? Sound { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>SHA-256, in hex, of the token in the link by which everybody may open it; null while it is not shared.</summary>
    public string? ShareHash { get; set; }
}

/// <summary>A recording, in a table of its own so that lists never load it.</summary>
public sealed record GiftSound(string GiftId, string ContentType, byte[] Bytes);
