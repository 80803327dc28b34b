using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Applies batches inside the writer's transaction. What it saved last it need not read again: it holds the write lock, and SQLite
/// tells whether anybody else has changed the file since.
/// </summary>
internal sealed class SqliteAccounts(SqliteSession session, SqliteCreditSql sql)
{
    private readonly SqliteChanges _changes = new(session, sql);
    private readonly RecentAccounts<Entry> _recent = new();
    private readonly List<Entry> _unconfirmed = [];
    private long _dataVersion;
    private bool _isCareful;

    /// <summary>Begins a transaction.</summary>
    /// <param name="isCareful">Whether everything is read, and nothing is left to the unique key of the log's ids.</param>
    public void Begin(bool isCareful)
    {
        _unconfirmed.Clear();
        _isCareful = isCareful;
        session.Begin();
        _dataVersion = session.ReadDataVersion();
    }

    /// <summary>Ends the transaction; what it saved is true from here on.</summary>
    public void Commit()
    {
        session.Commit();
        foreach (var entry in _unconfirmed)
        {
            var account = RecentAccounts<Entry>.WithoutEnded(entry.Account);
            _recent.Put(account.Id, entry with { Account = account });
        }
    }

    public ImmutableArray<CreditResult> Apply(CreditBatch batch, DateTimeOffset now)
    {
        var parts = Load(batch);
        var applied = batch.Apply(LoadedOf(parts), now);
        if (ReadWhatWasRefused(batch, applied, parts))
        {
            applied = batch.Apply(LoadedOf(parts), now);
        }

        _changes.Save(applied.Accounts);
        foreach (var change in applied.Accounts)
        {
            var hasOtherIds = parts[change.After.Id].HasOtherIds || change.Reservations.Length > 0;
            _unconfirmed.Add(new Entry(change.After, hasOtherIds, _dataVersion));
        }

        return applied.Results;
    }

    private static IEnumerable<LoadedCreditAccount> LoadedOf(Dictionary<AccountId, Part> parts) =>
        parts.Values.Where(static p => p.Loaded is not null).Select(static p => p.Loaded!);

    private Dictionary<AccountId, Part> Load(CreditBatch batch)
    {
        var parts = new Dictionary<AccountId, Part>(batch.Commands.Length);
        foreach (var command in batch.Commands)
        {
            ref var part = ref CollectionsMarshal.GetValueRefOrAddDefault(parts, command.Account, out _);
            (part ??= new Part()).Commands.Add(command);
        }

        foreach (var (account, part) in parts)
        {
            if (!account.IsDefault && !TryUseRecent(account, part))
            {
                Read(account, part);
            }
        }

        return parts;
    }

    /// <summary>Takes what was saved last of the account, if that is all its commands need.</summary>
    private bool TryUseRecent(AccountId account, Part part)
    {
        if (!_recent.TryTake(account, out var recent) || _isCareful)
        {
            return false;
        }

        foreach (var command in part.Commands)
        {
            var isEnough = command.Kind switch
            {
                // Should the id be in the log, the log's unique key refuses it, and all is done again with care.
                CreditCommandKind.Spend => !recent.HasOtherIds,
                CreditCommandKind.Commit or CreditCommandKind.Release or CreditCommandKind.Renew =>
                    recent.Account.Reservations.ContainsKey(command.Id),
                _ => false,
            };
            if (!isEnough)
            {
                return false;
            }
        }

        if (
            recent.DataVersion != _dataVersion
            && session.Read(sql.ReadVersion, static r => r.GetInt64(0), account.Value) is var version
            && (version.Count == 0 || version[0] != recent.Account.Version)
        )
        {
            return false;
        }

        part.Loaded = new LoadedCreditAccount(recent.Account, []);
        part.HasOtherIds = recent.HasOtherIds;
        return true;
    }

    /// <summary>Whether a refusal is right, and what an id was first answered, can only be told after reading.</summary>
    private bool ReadWhatWasRefused(CreditBatch batch, CreditBatchChanges applied, Dictionary<AccountId, Part> parts)
    {
        var isAnyRead = false;
        for (var i = 0; i < batch.Commands.Length; i++)
        {
            var account = batch.Commands[i].Account;
            if (applied.Results[i].Status != CreditStatus.Applied && parts[account] is { IsRead: false } part)
            {
                isAnyRead |= !account.IsDefault;
                Read(account, part);
            }
        }

        return isAnyRead;
    }

    private void Read(AccountId account, Part part)
    {
        part.IsRead = true;
        var value = account.Value;
        if (account.IsDefault || session.Read(sql.ReadAccount, DbValues.ReadAccount, value) is not [var row])
        {
            return;
        }

        var grants = session.Read(sql.ReadLiveGrants, DbValues.ReadGrant, value);
        var reservations = session.Read(sql.ReadOpenReservations, DbValues.ReadReservation, value);
        var known = new List<CreditEntry>();
        foreach (var (_, name) in new CreditBatch(part.Commands).Names)
        {
            known.AddRange(session.Read(sql.ReadKnown, DbValues.ReadEntry, value, name).Select(k => k.ToEntry()));
            grants.AddRange(session.Read(sql.ReadEndedGrant, DbValues.ReadGrant, value, name));
            reservations.AddRange(session.Read(sql.ReadEndedReservation, DbValues.ReadReservation, value, name));
        }

        part.HasOtherIds = session.Read(sql.HasOtherIds, static r => r.GetInt64(0), value) is [1];
        part.Loaded = new LoadedCreditAccount(row.ToAccount(grants, reservations), known);
    }

    /// <summary>The commands of one account in a batch, and what was loaded for them.</summary>
    private sealed class Part
    {
        public List<CreditCommand> Commands { get; } = new(1);

        public LoadedCreditAccount? Loaded { get; set; }

        public bool HasOtherIds { get; set; }

        public bool IsRead { get; set; }
    }

    /// <summary>An account as it was last saved.</summary>
    /// <param name="Account">The account, with all of its live grants and open reservations.</param>
    /// <param name="HasOtherIds">Whether ids of it are kept outside the log: reservations, and what outlived its entries.</param>
    /// <param name="DataVersion">The file's version then.</param>
    private readonly record struct Entry(CreditAccount Account, bool HasOtherIds, long DataVersion);
}
