using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Gathers the rows of a page by account. A row that cannot be read is a finding, not a failure.</summary>
internal sealed class CreditAuditRows
{
    private readonly Dictionary<string, Gathered> _accounts = new(StringComparer.Ordinal);

    /// <summary>How many grants, open reservations and known ids were gathered.</summary>
    public int Held { get; private set; }

    public ImmutableArray<CreditAuditAccount> ToAccounts() => [.. _accounts.Select(a => a.Value.ToAccount(a.Key))];

    public void Add(CreditAccountRow row) => TryAdd(row.Account, "its row", a => a.Row = row.ToAccount([], []));

    public void Add(CreditGrantRow row)
    {
        Held++;
        TryAdd(row.Account, $"grant {row.GrantId}", a => a.Grants.Add(row.ToGrant()));
        if (row.IsLive != (row.Free > 0 || row.Reserved > 0))
        {
            AddOddity(row.Account, $"grant {row.GrantId}: is_live is {row.IsLive}");
        }
    }

    public void Add(CreditReservationRow row)
    {
        Held++;
        TryAdd(row.Account, $"reservation {row.OperationId}", a => a.Open.Add(row.ToReservation()));
    }

    public void Add(CreditCheckpointRow row) => Find(row.Account).Checkpoint = row;

    public void Add(CreditKnownIdRow row)
    {
        Held++;
        Find(row.Account).Known.Add(row);
    }

    public void AddRepeatedId(string name, string id) => Find(name).RepeatedIds.Add(id);

    public void AddOddity(string name, string oddity) => Find(name).Oddities.Add(oddity);

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

    private void TryAdd(string name, string what, Action<Gathered> add)
    {
        var account = Find(name);
        try
        {
            add(account);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            account.Oddities.Add(Unreadable(what, e));
        }
    }

    private static string Unreadable(string what, Exception e) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} cannot be read: {e.Message}");

    private Gathered Find(string name)
    {
        if (!_accounts.TryGetValue(name, out var account))
        {
            _accounts.Add(name, account = new Gathered());
        }

        return account;
    }

    /// <summary>The rows of one account.</summary>
    private sealed class Gathered
    {
        public CreditAccount? Row { get; set; }

        public CreditCheckpointRow? Checkpoint { get; set; }

        public List<CreditGrant> Grants { get; } = [];

        public List<CreditReservation> Open { get; } = [];

        public List<CreditKnownIdRow> Known { get; } = [];

        public List<string> RepeatedIds { get; } = [];

        public List<string> Oddities { get; } = [];

        public CreditAuditAccount ToAccount(string name)
        {
            var checkpoint = ToCheckpoint();
            return new CreditAuditAccount(name)
            {
                Row = Row,
                Grants = [.. Grants],
                Open = [.. Open],
                Checkpoint = checkpoint,
                RepeatedIds = [.. RepeatedIds],
                Oddities = [.. Oddities],
            };
        }

        private CreditCheckpoint? ToCheckpoint()
        {
            if (Checkpoint is null)
            {
                if (Known.Count > 0)
                {
                    Oddities.Add($"{Known.Count} ids are known of entries that are gone, but there is no checkpoint");
                }

                return null;
            }

            try
            {
                return Checkpoint.ToCheckpoint(Known);
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                Oddities.Add(Unreadable("its checkpoint", e));
                return null;
            }
        }
    }
}
