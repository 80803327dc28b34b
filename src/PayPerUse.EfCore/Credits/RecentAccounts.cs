using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// What was last saved or read of the accounts that were asked for lately. Who takes an entry out has it alone until one is put
/// back. Not thread-safe.
/// </summary>
/// <remarks>
/// Bounded by two generations: once the young one is full it becomes the old one, and what nobody asked for meanwhile is let go.
/// </remarks>
internal sealed class RecentAccounts<TEntry>
{
    /// <summary>Accounts a generation. An account takes about a kilobyte, so both generations stay below 20 MB.</summary>
    public const int GenerationSize = 10_000;

    private Dictionary<AccountId, TEntry> _young = [];
    private Dictionary<AccountId, TEntry> _old = [];

    public bool TryTake(AccountId account, out TEntry entry) =>
        _young.Remove(account, out entry!) || _old.Remove(account, out entry!);

    public void Put(AccountId account, TEntry entry)
    {
        if (_young.Count >= GenerationSize)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _old.Remove(account);
        _young[account] = entry;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }

    /// <summary>Leaves out what has ended: it is read again should somebody ask, and would pile up here.</summary>
    public static CreditAccount WithoutEnded(CreditAccount account)
    {
        var grants = account.Grants.RemoveAll(static g => !g.IsLive());
        var reservations = account.Reservations.IsEmpty
            ? account.Reservations
            : account.Reservations.RemoveRange(
                account.Reservations.Where(static r => r.Value.State != ReservationState.Open).Select(static r => r.Key)
            );
        return grants.Length == account.Grants.Length && ReferenceEquals(reservations, account.Reservations)
            ? account
            : account with
            {
                Grants = grants,
                Reservations = reservations,
            };
    }
}
