using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>The log of one account in memory.</summary>
/// <remarks>
/// A log is nearly all that such a store keeps, and what is kept is what the garbage collector has to move and look through. So
/// lines lie in arrays, without an object of their own, and entries are made when somebody reads them.
/// </remarks>
internal sealed class InMemoryCreditLog
{
    private readonly PiecewiseList<Line> _lines = new();

    /// <summary>The sequence of the last entry.</summary>
    public int Length => _lines.Count;

    /// <summary>The sequence of the last entry that was folded and deleted; 0 when none was.</summary>
    public int Folded => _lines.Removed;

    /// <summary>An entry by its sequence: without gaps, from 1 or from the first that was not deleted.</summary>
    public CreditEntry this[int sequence] => _lines[sequence - 1].ToEntry(sequence);

    /// <summary>Reads entries in order.</summary>
    /// <param name="after">The sequence before the first one.</param>
    /// <param name="count">How many.</param>
    public CreditEntry[] Read(int after, int count)
    {
        var entries = new CreditEntry[count];
        for (var i = 0; i < count; i++)
        {
            entries[i] = this[after + 1 + i];
        }

        return entries;
    }

    public void Append(CreditEntry entry) => _lines.Add(new Line(entry));

    /// <summary>Deletes the oldest entries up to a sequence.</summary>
    public void DeleteThrough(int sequence) => _lines.RemoveBefore(sequence);

    private readonly struct Line(CreditEntry entry)
    {
        private readonly string _operationId = entry.OperationId;
        private readonly string _action = entry.Action;
        private readonly string? _target = entry.Target;
        private readonly CompactGrantChanges _grants = new(entry.Grants);
        private readonly Guid _attempt = entry.Attempt;
        private readonly long _credits = entry.Credits;
        private readonly long _balance = entry.Balance;
        private readonly long _at = entry.At.UtcTicks;
        private readonly CreditEntryKind _kind = entry.Kind;

        public CreditEntry ToEntry(int sequence) =>
            new()
            {
                Sequence = sequence,
                OperationId = _operationId,
                Attempt = _attempt,
                Kind = _kind,
                Action = _action,
                Credits = _credits,
                Balance = _balance,
                Target = _target,
                Grants = _grants.ToArray(),
                At = new DateTimeOffset(_at, TimeSpan.Zero),
            };
    }
}

/// <summary>What was moved of which grants; nearly always of one, for which no array is made.</summary>
/// <param name="changes">The changes.</param>
internal readonly struct CompactGrantChanges(ImmutableArray<GrantChange> changes)
{
    private readonly GrantChange _only = changes.Length == 1 ? changes[0] : default;
    private readonly GrantChange[]? _many = changes.Length > 1 ? [.. changes] : null;

    public ImmutableArray<GrantChange> ToArray() =>
        _many is not null ? [.. _many]
        : _only.GrantId is not null ? [_only]
        : [];
}

/// <summary>
/// A list that grows by pieces: what is in it is copied at most a few times, and no array becomes large. Its beginning can be
/// removed, and what stays keeps its place.
/// </summary>
/// <typeparam name="T">What is in it.</typeparam>
internal sealed class PiecewiseList<T>
{
    private const int FirstLength = 4;
    private const int PieceLength = 64;

    private readonly List<T[]> _pieces = new(1);

    /// <summary>How many were ever added.</summary>
    public int Count { get; private set; }

    /// <summary>How many were removed from the beginning.</summary>
    public int Removed { get; private set; }

    public ref readonly T this[int index] => ref _pieces[index / PieceLength][index % PieceLength];

    public void Add(in T item)
    {
        var place = Count % PieceLength;
        if (place == 0)
        {
            _pieces.Add(new T[Count == 0 ? FirstLength : PieceLength]);
        }

        var last = _pieces[^1];
        if (place == last.Length)
        {
            // Only the first piece begins small: most accounts have few entries.
            Array.Resize(ref last, Math.Min(last.Length * 4, PieceLength));
            _pieces[^1] = last;
        }

        last[place] = item;
        Count++;
    }

    /// <summary>Removes everything before a place.</summary>
    public void RemoveBefore(int index)
    {
        for (var piece = Removed / PieceLength; piece < index / PieceLength; piece++)
        {
            _pieces[piece] = [];
        }

        Removed = index;
    }
}
