namespace PayPerUse.Credits;

/// <summary>How long the log and the ids in it are kept. Grants, revokes and restores are known by their ids for ever.</summary>
public sealed class CreditRetentionOptions
{
    /// <summary>The shortest time for which the id of a spend or a reserve stays known: 90 days.</summary>
    public static readonly TimeSpan MinIds = TimeSpan.FromDays(90);

    /// <summary>How long log entries are kept. Older ones are folded into a checkpoint of their account and deleted.</summary>
    /// <value>null: for ever; else 1 day to 100 years. Entries are kept at least as long as <see cref="Ids"/>.</value>
    public TimeSpan? Log { get; set; }

    /// <summary>
    /// How long the id of a spend or a reserve stays known at least: a repetition within that time answers the first result and
    /// never charges again.
    /// </summary>
    /// <value>90 days; 90 days to 100 years.</value>
    public TimeSpan Ids { get; set; } = MinIds;

    /// <summary>How long entries are kept: the longer of the two, since an id is known by its entry; null for ever.</summary>
    internal TimeSpan? Kept => Log is { } log ? TimeSpan.FromTicks(Math.Max(log.Ticks, Ids.Ticks)) : null;
}
