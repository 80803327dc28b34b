using System.Collections.Immutable;

namespace PayPerUse.Credits;

internal sealed partial class CreditAccountDraft
{
    private const string MergeAction = "merge";

    /// <summary>Whether credits are set aside, now that what was due has been performed.</summary>
    public bool IsReserved => _reserved > 0;

    public long Debt => _debt;

    public IReadOnlyList<CreditGrant> Grants => _grants;

    /// <summary>Takes everything out of this account, as its last entry.</summary>
    public void Close(AccountId into, string id, Guid attempt, DateTimeOffset at)
    {
        var change = -Balance;
        var taken = ImmutableArray.CreateBuilder<GrantChange>();
        for (var i = 0; i < _grants.Length; i++)
        {
            if (_grants[i] is { Free: > 0 } grant)
            {
                taken.Add(new GrantChange(grant.Id, -grant.Free));
                ReplaceGrant(i, grant with { Free = 0 });
            }
        }

        (_free, _debt, MergedInto) = (0, 0, into);
        Append(id, attempt, CreditEntryKind.MergeOut, MergeAction, change, null, taken.DrainToImmutable(), at);
    }

    /// <summary>Takes a grant over as it is, under an id that may be another here.</summary>
    public void MergeIn(CreditGrant grant, string id, Guid attempt, DateTimeOffset at)
    {
        AddGrant(grant with { Id = id, Free = 0 });
        var kept = MakeFree(id, grant.Free);
        Append(
            id,
            attempt,
            CreditEntryKind.MergeIn,
            grant.Source,
            grant.Free,
            MergedGrantText.Of(grant).ToString(),
            kept > 0 ? [new GrantChange(id, kept)] : [],
            at
        );
    }

    /// <summary>Takes debt over: what is free here pays it, and the rest is debt.</summary>
    public void MergeDebt(long debt, string id, Guid attempt, DateTimeOffset at)
    {
        var paid = Math.Min(_free, debt);
        var taken = paid > 0 ? TakeFree(paid, isReserve: false) : [];
        _debt = checked(_debt + debt - paid);
        Append(
            id,
            attempt,
            CreditEntryKind.MergeDebt,
            MergeAction,
            -debt,
            null,
            ImmutableArray.CreateRange(taken, static t => t with { Credits = -t.Credits }),
            at
        );
    }

    /// <summary>What to save, even if that is only a new version: it proves that the account was held and was open.</summary>
    public CreditAccountChange ToHeldChange()
    {
        var change = ToChange();
        return change.IsChanged ? change : change with { After = _before with { Version = _before.Version + 1 } };
    }
}
