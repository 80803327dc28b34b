using System.Collections.Immutable;

namespace PayPerUse.Credits;

internal sealed partial class CreditTally
{
    /// <summary>All that was added, as a checkpoint. Only of a tally without findings.</summary>
    public CreditCheckpoint ToCheckpoint(ImmutableArray<CreditEntry> known) =>
        new()
        {
            Sequence = Sequence,
            At = LastTime,
            Balance = Balance,
            Spent = -_sums[(int)CreditEntryKind.Spend],
            Committed = Committed,
            Expired = -_sums[(int)CreditEntryKind.Expire],
            Free =
            [
                .. _grants
                    .Where(g => g.Value.Free != 0)
                    .Select(g => new GrantChange(g.Key, g.Value.Free))
                    .OrderBy(g => g.GrantId, StringComparer.Ordinal),
            ],
            Open = [.. _open.Values.OrderBy(r => r.Sequence)],
            Known = known,
        };

    /// <summary>Takes up where the checkpoint ends. It stands for entries that are gone, so it is checked by what they must have come to.</summary>
    private void Begin(CreditCheckpoint checkpoint)
    {
        Sequence = checkpoint.Sequence;
        LastTime = checkpoint.At;
        Balance = checkpoint.Balance;
        Committed = checkpoint.Committed;
        _sums[(int)CreditEntryKind.Spend] = -checkpoint.Spent;
        _sums[(int)CreditEntryKind.Expire] = -checkpoint.Expired;
        foreach (var known in checkpoint.Known)
        {
            BeginKnown(known, checkpoint);
        }

        foreach (var (id, credits) in checkpoint.Free)
        {
            Free += credits;
            if (!_grants.TryGetValue(id, out var grant) || credits <= 0 || grant.Free != 0)
            {
                _findings.Add(CreditCheck.Checkpoint, $"the checkpoint leaves {credits} of grant {id}");
                continue;
            }

            grant.Free = credits;
        }

        var reserved = 0L;
        foreach (var reserve in checkpoint.Open)
        {
            reserved -= reserve.Credits;
            if (
                reserve is not { Kind: CreditEntryKind.Reserve, Credits: < 0 }
                || reserve.Sequence > Sequence
                || !_open.TryAdd(reserve.OperationId, reserve)
            )
            {
                _findings.Add(CreditCheck.Checkpoint, $"the checkpoint cannot hold {reserve.OperationId} open");
            }
        }

        _findings.Expect(
            CreditCheck.Checkpoint,
            "the checkpoint's balance and what it holds open",
            Balance + reserved,
            "granted − spent − expired − revoked + restored ± merged before it is",
            Worth
        );
        if (Debt < 0 || (Debt > 0 && Free > 0))
        {
            _findings.Add(CreditCheck.Debt, $"at the checkpoint {Free} are free at balance {Balance}");
        }

        if (checkpoint.Spent < 0 || checkpoint.Committed < 0 || checkpoint.Expired < 0)
        {
            _findings.Add(
                CreditCheck.Checkpoint,
                $"the checkpoint says {checkpoint.Spent} spent, {checkpoint.Committed} committed and {checkpoint.Expired} expired"
            );
        }
    }

    private void BeginKnown(CreditEntry known, CreditCheckpoint checkpoint)
    {
        if (
            !CreditCheckpoint.LivesForEver(known.Kind)
            || known.Sequence > checkpoint.Sequence
            || known.At > checkpoint.At
            || !_folded.Add(known.OperationId)
        )
        {
            _findings.Add(
                CreditCheck.Checkpoint,
                $"the known id {known.OperationId} ({known.Kind}, entry {known.Sequence}) is not of before the checkpoint"
            );
            return;
        }

        _sums[(int)known.Kind] += known.Credits;
        switch (known.Kind)
        {
            case CreditEntryKind.Grant or CreditEntryKind.MergeIn:
                _grants.Add(known.OperationId, GrantOf(known));
                break;
            case CreditEntryKind.MergeOut:
                ClosedBy = known.OperationId;
                break;
            case CreditEntryKind.Revoke or CreditEntryKind.Restore:
                if (FindGrant(known, known.Target ?? "") is { } grant)
                {
                    grant.Revoked -= known.Credits;
                }

                break;
        }
    }
}
