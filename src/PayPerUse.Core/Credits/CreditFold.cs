using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>
/// The oldest entries of one account's log folded into its checkpoint: a store saves what this says and deletes exactly the entries
/// up to <see cref="CreditCheckpoint.Sequence"/>, in one transaction. It is pure, as the rules are.
/// </summary>
public sealed record CreditFold
{
    private const string Lapse = "lapse:";

    private static readonly CreditFold Nothing = new();

    private CreditFold() { }

    /// <summary>The checkpoint to save; null when nothing is to be folded.</summary>
    public CreditCheckpoint? Checkpoint { get; private init; }

    /// <summary>How many entries were folded.</summary>
    public int Entries { get; private init; }

    /// <summary>The entries to keep for their ids, which live for ever: those of the checkpoint that were not there before.</summary>
    public ImmutableArray<CreditEntry> Known { get; private init; } = [];

    /// <summary>
    /// The ids of reservations whose end was folded. Such a reservation is deleted if it has ended and not after
    /// <see cref="CreditCheckpoint.At"/>; the id may meanwhile point to a newer one, which stays.
    /// </summary>
    public ImmutableArray<string> Ended { get; private init; } = [];

    /// <summary>
    /// What does not add up. Then nothing is folded: deleting these entries would delete the evidence of what went wrong.
    /// </summary>
    public ImmutableArray<CreditFinding> Findings { get; private init; } = [];

    /// <summary>Folds what is old enough.</summary>
    /// <param name="checkpoint">The account's checkpoint; null when it has none yet.</param>
    /// <param name="oldest">The entries that follow it, in order of sequence, from the first; not necessarily all.</param>
    /// <param name="before">Entries of this moment and later stay.</param>
    public static CreditFold Of(
        CreditCheckpoint? checkpoint,
        IEnumerable<CreditAuditLine> oldest,
        DateTimeOffset before
    )
    {
        ArgumentNullException.ThrowIfNull(oldest);
        var findings = new CreditFindings();
        var tally = new CreditTally(findings, checkpoint);
        var known = ImmutableArray.CreateBuilder<CreditEntry>();
        var ended = ImmutableArray.CreateBuilder<string>();
        foreach (var line in oldest.TakeWhile(l => l.Entry is null || l.Entry.At < before))
        {
            tally.Add(line);
            if (line.Entry is not { } entry)
            {
                continue;
            }

            if (CreditCheckpoint.LivesForEver(entry.Kind))
            {
                known.Add(entry with { Grants = [] });
            }

            if (EndedBy(entry) is { } reservation)
            {
                ended.Add(reservation);
            }
        }

        var wrong = findings.ToArray();
        if (wrong.Length > 0)
        {
            return new CreditFold { Findings = wrong };
        }

        return tally.Entries == 0
            ? Nothing
            : new CreditFold
            {
                Checkpoint = tally.ToCheckpoint([.. checkpoint?.Known ?? [], .. known]),
                Entries = (int)tally.Entries,
                Known = known.ToImmutable(),
                Ended = [.. ended.Distinct(StringComparer.Ordinal)],
            };
    }

    private static string? EndedBy(CreditEntry entry) =>
        entry.Kind switch
        {
            CreditEntryKind.Commit or CreditEntryKind.Release => entry.OperationId,
            CreditEntryKind.Lapse when entry.OperationId.StartsWith(Lapse, StringComparison.Ordinal) =>
                entry.OperationId[Lapse.Length..],
            _ => null,
        };
}
