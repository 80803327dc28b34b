using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Gathers the rows of a page by account. A row that cannot be read is a finding, not a failure.</summary>
internal sealed class CreditAuditRows
{
    private readonly Dictionary<string, CreditAuditAccount> _accounts = new(StringComparer.Ordinal);

    private readonly Dictionary<string, CreditCheckpointRow> _checkpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<CreditKnownIdRow>> _known = new(StringComparer.Ordinal);

    public ImmutableArray<CreditAuditAccount> ToAccounts()
    {
        foreach (var (account, row) in _checkpoints)
        {
            TryAdd(
                account,
                "its checkpoint",
                found => found with { Checkpoint = row.ToCheckpoint(_known.GetValueOrDefault(account) ?? []) }
            );
        }

        foreach (var (account, known) in _known.Where(k => !_checkpoints.ContainsKey(k.Key)))
        {
            AddOddity(account, $"{known.Count} ids are known of entries that are gone, but there is no checkpoint");
        }

        return [.. _accounts.Values];
    }

    public void Add(CreditAccountRow row) =>
        TryAdd(row.Account, "its row", account => account with { Row = row.ToAccount([], []) });

    public void Add(CreditGrantRow row)
    {
        TryAdd(
            row.Account,
            $"grant {row.GrantId}",
            account => account with { Grants = account.Grants.Add(row.ToGrant()) }
        );
        if (row.IsLive != (row.Free > 0 || row.Reserved > 0))
        {
            AddOddity(row.Account, $"grant {row.GrantId}: is_live is {row.IsLive}");
        }
    }

    public void Add(CreditReservationRow row) =>
        TryAdd(
            row.Account,
            $"reservation {row.OperationId}",
            account => account with { Open = account.Open.Add(row.ToReservation()) }
        );

    public void Add(CreditCheckpointRow row) => _checkpoints.Add(row.Account, row);

    public void Add(CreditKnownIdRow row)
    {
        if (!_known.TryGetValue(row.Account, out var known))
        {
            _known.Add(row.Account, known = []);
        }

        known.Add(row);
    }

    public void AddRepeatedId(string name, string id) =>
        _accounts[name] = Find(name) with { RepeatedIds = Find(name).RepeatedIds.Add(id) };

    public void AddOddity(string name, string oddity) =>
        _accounts[name] = Find(name) with { Oddities = Find(name).Oddities.Add(oddity) };

    public static CreditAuditLine ToLine(CreditEntryRow row)
    {
        try
        {
            return new CreditAuditLine(row.Account, row.Sequence, row.ToEntry());
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return new CreditAuditLine(row.Account, row.Sequence, null, e.Message);
        }
    }

    /// <summary>Whether a stored value is not what its column holds, rather than that the database failed.</summary>
    public static bool IsUnreadable(Exception e) =>
        e
            is FormatException
                or JsonException
                or ArgumentException
                or InvalidCastException
                or OverflowException
                or IndexOutOfRangeException
        || e.GetType() == typeof(InvalidOperationException);

    private void TryAdd(string name, string what, Func<CreditAuditAccount, CreditAuditAccount> add)
    {
        try
        {
            _accounts[name] = add(Find(name));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            AddOddity(name, string.Create(CultureInfo.InvariantCulture, $"{what} cannot be read: {e.Message}"));
        }
    }

    private CreditAuditAccount Find(string name) => _accounts.GetValueOrDefault(name) ?? new CreditAuditAccount(name);
}
