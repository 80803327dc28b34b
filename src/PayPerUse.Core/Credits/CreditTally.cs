using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>
/// What one account's log adds up to, entry by entry. It remembers all grants, used up or not, the reservations that are open and
/// the ids known from before the checkpoint, never the other entries: a log of millions of spends takes no more memory than a short
/// one.
/// </summary>
internal sealed partial class CreditTally
{
    private readonly CreditFindings _findings;
    private readonly Dictionary<string, GrantTally> _grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CreditEntry> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folded = new(StringComparer.Ordinal);
    private readonly long[] _sums = new long[(int)CreditEntryKind.MergeDebt + 1];

    public CreditTally(CreditFindings findings, CreditCheckpoint? checkpoint)
    {
        _findings = findings;
        if (checkpoint is not null)
        {
            Begin(checkpoint);
        }
    }

    public long Entries { get; private set; }

    public long Sequence { get; private set; }

    public long Balance { get; private set; }

    public long Free { get; private set; }

    /// <summary>Free credits that the balance lacks are debt.</summary>
    public long Debt => Free - Balance;

    public DateTimeOffset LastTime { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Credits that commits took.</summary>
    public long Committed { get; private set; }

    public IReadOnlyDictionary<string, GrantTally> Grants => _grants;

    /// <summary>The reserve entries of what is still open.</summary>
    public IReadOnlyDictionary<string, CreditEntry> Open => _open;

    /// <summary>The id of the entry that closed the account; null while it is open.</summary>
    public string? ClosedBy { get; private set; }

    /// <summary>granted − spent − expired − revoked + restored + merged in − merged out.</summary>
    public long Worth =>
        _sums[(int)CreditEntryKind.Grant]
        + _sums[(int)CreditEntryKind.Spend]
        + _sums[(int)CreditEntryKind.Expire]
        + _sums[(int)CreditEntryKind.Revoke]
        + _sums[(int)CreditEntryKind.Restore]
        + _sums[(int)CreditEntryKind.MergeIn]
        + _sums[(int)CreditEntryKind.MergeOut]
        + _sums[(int)CreditEntryKind.MergeDebt]
        - Committed;

    public void Add(CreditAuditLine line)
    {
        Entries++;
        if (line.Sequence != Sequence + 1)
        {
            _findings.Add(CreditCheck.Sequence, $"entry {line.Sequence} of the log follows entry {Sequence}");
        }

        Sequence = line.Sequence;
        if (line.Entry is not { } entry)
        {
            _findings.Add(CreditCheck.Readable, $"entry {line.Sequence} of the log cannot be read: {line.Error}");
            return;
        }

        if (entry.Balance != Balance + entry.Credits)
        {
            _findings.Add(
                CreditCheck.Chain,
                $"entry {entry.Sequence} ({entry.OperationId}) moves {entry.Credits:+0;-0;0} from balance {Balance} to {entry.Balance}"
            );
        }

        if (entry.At < LastTime)
        {
            _findings.Add(
                CreditCheck.Time,
                $"entry {entry.Sequence} ({entry.OperationId}) is older than the one before"
            );
        }

        // From here on with what is stored, so that one wrong entry is told once.
        Balance = entry.Balance;
        LastTime = entry.At > LastTime ? entry.At : LastTime;
        AddByKind(entry);
        AddTouched(entry);
        if (Debt < 0 || (Debt > 0 && Free > 0))
        {
            _findings.Add(
                CreditCheck.Debt,
                $"after entry {entry.Sequence} ({entry.OperationId}) {Free} are free at balance {Balance}"
            );
        }
    }

    private void AddByKind(CreditEntry entry)
    {
        if (!Enum.IsDefined(entry.Kind))
        {
            _findings.Add(CreditCheck.Entry, $"entry {entry.Sequence} has the unknown kind {(int)entry.Kind}");
            return;
        }

        if (entry.IsIdempotencyKey && _folded.Contains(entry.OperationId))
        {
            _findings.Add(
                CreditCheck.KnownId,
                $"entry {entry.Sequence} has the id {entry.OperationId}, which stands for an older one"
            );
        }

        if (ClosedBy is not null)
        {
            _findings.Add(CreditCheck.Merge, $"entry {entry.Sequence} follows the one that closed the account");
        }

        _sums[(int)entry.Kind] += entry.Credits;
        if (!CanMove(entry.Kind, entry.Credits))
        {
            _findings.Add(
                CreditCheck.Entry,
                $"entry {entry.Sequence} is a {entry.Kind} of {entry.Credits:+0;-0;0} credits"
            );
        }

        switch (entry.Kind)
        {
            case CreditEntryKind.Grant or CreditEntryKind.MergeIn:
                if (!_grants.TryAdd(entry.OperationId, GrantOf(entry)))
                {
                    _findings.Add(CreditCheck.KnownId, $"grant {entry.OperationId} is in the log more than once");
                }

                break;
            case CreditEntryKind.MergeOut:
                Close(entry);
                break;
            case CreditEntryKind.Reserve:
                if (!_open.TryAdd(entry.OperationId, entry))
                {
                    _findings.Add(
                        CreditCheck.Reservation,
                        $"entry {entry.Sequence} reserves {entry.OperationId}, which is open"
                    );
                }

                break;
            case CreditEntryKind.Commit or CreditEntryKind.Release:
                Close(entry, entry.OperationId);
                break;
            case CreditEntryKind.Lapse:
                Close(entry, WithoutPrefix(entry, "lapse:"));
                break;
            case CreditEntryKind.Expire:
                FindGrant(entry, WithoutPrefix(entry, "expire:"));
                break;
            case CreditEntryKind.Revoke or CreditEntryKind.Restore:
                if (FindGrant(entry, entry.Target ?? "") is { } grant)
                {
                    grant.Revoked -= entry.Credits;
                }

                break;
        }
    }

    private static bool CanMove(CreditEntryKind kind, long credits) =>
        kind switch
        {
            CreditEntryKind.Spend
            or CreditEntryKind.Reserve
            or CreditEntryKind.Revoke
            or CreditEntryKind.Expire
            or CreditEntryKind.MergeDebt => credits < 0,
            CreditEntryKind.Commit or CreditEntryKind.MergeIn => credits >= 0,
            CreditEntryKind.MergeOut => true,
            _ => credits > 0,
        };

    /// <summary>A closed account has nothing left: what it had is the other account's.</summary>
    private void Close(CreditEntry entry)
    {
        ClosedBy = entry.OperationId;
        if (entry.Balance != 0 || _open.Count > 0)
        {
            _findings.Add(
                CreditCheck.Merge,
                $"entry {entry.Sequence} closes the account at balance {entry.Balance} with {_open.Count} open reservation(s)"
            );
        }
    }

    private void Close(CreditEntry entry, string id)
    {
        if (!_open.Remove(id, out var reserve))
        {
            _findings.Add(CreditCheck.Reservation, $"entry {entry.Sequence} ends {id}, which is not open");
            return;
        }

        var reserved = -reserve.Credits;
        if (
            entry.Kind == CreditEntryKind.Commit
                ? entry.Attempt != reserve.Attempt || entry.Credits > reserved
                : entry.Credits != reserved
        )
        {
            _findings.Add(
                CreditCheck.Reservation,
                $"entry {entry.Sequence} returns {entry.Credits} of the {reserved} that entry {reserve.Sequence} ({id}) reserved, or is of another attempt"
            );
        }

        Committed += reserved - entry.Credits;
    }

    private void AddTouched(CreditEntry entry)
    {
        long touched = 0;
        foreach (var change in entry.Grants)
        {
            touched += change.Credits;
            if (FindGrant(entry, change.GrantId) is not { } grant)
            {
                continue;
            }

            grant.Free += change.Credits;
            if (grant.Free < 0)
            {
                _findings.Add(
                    CreditCheck.Free,
                    $"entry {entry.Sequence} ({entry.OperationId}) takes grant {change.GrantId} to {grant.Free}"
                );
            }
        }

        Free += touched;
        var isRight = entry.Kind switch
        {
            CreditEntryKind.Spend or CreditEntryKind.Reserve or CreditEntryKind.Expire => touched == entry.Credits,
            // The rest of a revoke is debt, and the rest of what comes back has paid debt.
            CreditEntryKind.Revoke or CreditEntryKind.MergeDebt => touched <= 0 && touched >= entry.Credits,
            // Either something was free, or there was debt, which leaves too.
            CreditEntryKind.MergeOut => touched == Math.Min(entry.Credits, 0),
            _ => touched >= 0 && touched <= entry.Credits,
        };
        if (!isRight)
        {
            _findings.Add(
                CreditCheck.Entry,
                $"entry {entry.Sequence} ({entry.OperationId}) moves {entry.Credits:+0;-0;0}, but {touched:+0;-0;0} of its grants"
            );
        }
    }

    private GrantTally? FindGrant(CreditEntry entry, string id)
    {
        if (_grants.TryGetValue(id, out var grant))
        {
            return grant;
        }

        _findings.Add(
            CreditCheck.Grant,
            $"entry {entry.Sequence} ({entry.OperationId}) names grant {id}, which the log never made"
        );
        return null;
    }

    private string WithoutPrefix(CreditEntry entry, string prefix)
    {
        if (entry.OperationId.StartsWith(prefix, StringComparison.Ordinal))
        {
            return entry.OperationId[prefix.Length..];
        }

        _findings.Add(CreditCheck.Entry, $"entry {entry.Sequence} is a {entry.Kind} with the id {entry.OperationId}");
        return entry.OperationId;
    }

    private GrantTally GrantOf(CreditEntry entry)
    {
        if (entry.Kind == CreditEntryKind.Grant)
        {
            return new GrantTally(entry.Action, entry.Credits, 0, entry.At);
        }

        if (MergedGrantText.TryParse(entry.Target, out var merged))
        {
            return new GrantTally(entry.Action, merged.Credits, merged.Revoked, merged.GrantedAt);
        }

        _findings.Add(
            CreditCheck.Entry,
            $"entry {entry.Sequence} ({entry.OperationId}) does not tell which grant was merged in, but '{entry.Target}'"
        );
        return new GrantTally(entry.Action, entry.Credits, 0, entry.At);
    }

    /// <summary>What the log says of one grant.</summary>
    internal sealed class GrantTally(string source, long credits, long revoked, DateTimeOffset grantedAt)
    {
        public long Credits { get; } = credits;

        public string Source { get; } = source;

        public DateTimeOffset GrantedAt { get; } = grantedAt;

        public long Free { get; set; }

        public long Revoked { get; set; } = revoked;
    }
}
