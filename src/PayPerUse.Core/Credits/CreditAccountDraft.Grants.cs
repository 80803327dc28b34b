using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PayPerUse.Credits;

internal sealed partial class CreditAccountDraft
{
    public CreditGrant? FindGrant(string id) => IndexOfGrant(id) is var index and >= 0 ? _grants[index] : null;

    public void AddGrant(CreditGrant grant)
    {
        var index = Array.BinarySearch(_grants, grant);
        index = index < 0 ? ~index : index;
        _grants = [.. _grants.AsSpan(0, index), grant, .. _grants.AsSpan(index)];
        (_isOwnGrants, _hasChangedGrants) = (true, true);
        NoteDue(grant.UsableUntil);
    }

    public void SetGrant(CreditGrant grant)
    {
        var index = IndexOfGrant(grant.Id);
        if (_grants[index].UsableUntil == grant.UsableUntil)
        {
            ReplaceGrant(index, grant);
        }
        else
        {
            _grants = [.. _grants.AsSpan(0, index), .. _grants.AsSpan(index + 1)];
            AddGrant(grant);
        }
    }

    /// <summary>Adds credits to a grant's free ones; debt is paid first. Returns how many became free.</summary>
    public long MakeFree(string grantId, long credits)
    {
        var paid = Math.Min(_debt, credits);
        _debt -= paid;
        var kept = credits - paid;
        if (kept > 0)
        {
            var grant = FindGrant(grantId)!;
            SetGrant(grant with { Free = grant.Free + kept });
            NoteDue(grant.UsableUntil);
            _free = checked(_free + kept);
        }

        return kept;
    }

    /// <summary>Gives credits back to a grant; if it has expired they stay usable for the grace period, once.</summary>
    public long Return(string grantId, long credits, DateTimeOffset at)
    {
        var kept = MakeFree(grantId, credits);
        if (
            kept > 0
            && FindGrant(grantId) is { UsableUntil: { } until, ExpiresAt: { } expiry } grant
            && until <= at
            && until == expiry
        )
        {
            SetGrant(grant with { UsableUntil = CreditTime.Floor(expiry + Policy.ReturnGrace) });
        }

        return kept;
    }

    /// <summary>Takes free credits in burn order. The caller has checked that there are enough.</summary>
    public ImmutableArray<GrantChange> TakeFree(long credits, bool isReserve)
    {
        var burns = ImmutableArray.CreateBuilder<GrantChange>(1);
        var left = credits;
        for (var i = 0; i < _grants.Length && left > 0; i++)
        {
            var grant = _grants[i];
            var taken = Math.Min(grant.Free, left);
            if (taken == 0)
            {
                continue;
            }

            ReplaceGrant(
                i,
                grant with
                {
                    Free = grant.Free - taken,
                    Reserved = isReserve ? grant.Reserved + taken : grant.Reserved,
                }
            );
            burns.Add(new GrantChange(grant.Id, taken));
            left -= taken;
        }

        if (left != 0)
        {
            throw new PayPerUseException(
                $"Account {_before.Id}: {_free} credits are free but its grants hold {left} too few. Run verify."
            );
        }

        _free -= credits;
        _reserved = checked(_reserved + (isReserve ? credits : 0));
        return burns.DrainToImmutable();
    }

    /// <summary>Takes back: first what is free of the grant, then other free credits in burn order; the rest is debt.</summary>
    public List<GrantChange> RevokeFrom(CreditGrant grant, long credits)
    {
        var own = Math.Min(grant.Free, credits);
        SetGrant(grant with { Free = grant.Free - own, Revoked = grant.Revoked + credits });
        _free -= own;
        var taken = new List<GrantChange>();
        if (own > 0)
        {
            taken.Add(new GrantChange(grant.Id, own));
        }

        var others = Math.Min(_free, credits - own);
        if (others > 0)
        {
            taken.AddRange(TakeFree(others, isReserve: false));
        }

        _debt = checked(_debt + credits - own - others);
        return taken;
    }

    private void OwnGrants()
    {
        if (!_isOwnGrants)
        {
            (_grants, _isOwnGrants) = ([.. _grants], true);
        }
    }

    private void ReplaceGrant(int index, CreditGrant grant)
    {
        OwnGrants();
        _grants[index] = grant;
        _hasChangedGrants = true;
    }

    // What leaves the draft is not written to any more, so it need not be copied.
    private ImmutableArray<CreditGrant> PublishGrants()
    {
        _isOwnGrants = false;
        return ImmutableCollectionsMarshal.AsImmutableArray(_grants);
    }

    /// <summary>A grant is immutable, so one that is not the loaded instance has changed.</summary>
    private ImmutableArray<CreditGrant> FindChangedGrants()
    {
        if (!_hasChangedGrants)
        {
            return [];
        }

        if (_grants.Length == 1)
        {
            return PublishGrants();
        }

        var changed = ImmutableArray.CreateBuilder<CreditGrant>(1);
        for (var i = 0; i < _grants.Length; i++)
        {
            var isInPlace = i < _before.Grants.Length && ReferenceEquals(_grants[i], _before.Grants[i]);
            if (!isInPlace && !IsLoaded(_grants[i]))
            {
                changed.Add(_grants[i]);
            }
        }

        return changed.DrainToImmutable();
    }

    private bool IsLoaded(CreditGrant grant)
    {
        foreach (var loaded in _before.Grants)
        {
            if (ReferenceEquals(loaded, grant))
            {
                return true;
            }
        }

        return false;
    }

    private int IndexOfGrant(string id)
    {
        for (var i = 0; i < _grants.Length; i++)
        {
            if (string.Equals(_grants[i].Id, id, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
