namespace PayPerUse.Credits;

internal sealed partial class InMemoryCreditAccount
{
    private readonly Dictionary<string, CreditEntry> _folded = new(StringComparer.Ordinal);
    private CreditCheckpoint? _checkpoint;

    /// <summary>Folds one step of the oldest entries and deletes them.</summary>
    public CreditFold Trim(CreditTrimOrder order)
    {
        var oldest = Log.Read(Log.Folded, Math.Min(order.EntriesPerStep, Log.Length - Log.Folded));
        var fold = CreditFold.Of(
            _checkpoint,
            oldest.Select(e => new CreditAuditLine(Row.Id.Value, e.Sequence, e)),
            order.Before
        );
        if (fold.Checkpoint is not { } checkpoint)
        {
            return fold;
        }

        foreach (var entry in fold.Known)
        {
            _folded.Add(entry.OperationId, entry);
        }

        foreach (var entry in oldest.Take(fold.Entries).Where(e => e.Kind == CreditEntryKind.Spend))
        {
            NamedBy(entry.OperationId).Sequence = 0;
            Forget(entry.OperationId);
        }

        foreach (var id in fold.Ended)
        {
            ref var named = ref NamedBy(id);
            if (named.Ended <= _ended.Removed || !_ended[named.Ended - 1].EndedAfter(checkpoint.At))
            {
                named.Ended = 0;
            }

            Forget(id);
        }

        RemoveEnded(checkpoint.At);
        Log.DeleteThrough((int)checkpoint.Sequence);
        _checkpoint = checkpoint;
        Row = Row with { Version = Row.Version + 1 };
        return fold;
    }

    private void Forget(string name)
    {
        if (_named.TryGetValue(name, out var named) && named is { Grant: null, Ended: 0, Sequence: 0 })
        {
            _named.Remove(name);
        }
    }

    private void RemoveEnded(DateTimeOffset at)
    {
        var place = _ended.Removed;
        while (place < _ended.Count && !_ended[place].EndedAfter(at))
        {
            place++;
        }

        _ended.RemoveBefore(place);
    }
}
