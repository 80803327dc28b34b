using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Commands that travel together. It does replay, order and rules, so that a store only loads and saves.</summary>
public sealed class CreditBatch
{
    private readonly ImmutableArray<CreditCommand> _commands;
    private ImmutableArray<AccountId> _accounts;

    /// <summary>Makes a batch.</summary>
    /// <param name="commands">In the order of their arrival; a caller's order within an account is kept.</param>
    /// <param name="policy">The numbers to follow; null for the defaults.</param>
    public CreditBatch(IEnumerable<CreditCommand> commands, CreditPolicy? policy = null)
    {
        ArgumentNullException.ThrowIfNull(commands);
        _commands = commands is ImmutableArray<CreditCommand> whole ? whole : [.. commands];
        Policy = policy ?? CreditPolicy.Default;
    }

    /// <summary>The commands, in order.</summary>
    public ImmutableArray<CreditCommand> Commands => _commands;

    /// <summary>The numbers to follow.</summary>
    public CreditPolicy Policy { get; }

    /// <summary>The accounts of this batch, each once, in ordinal order: the order to lock them in.</summary>
    public ImmutableArray<AccountId> Accounts => _accounts.IsDefault ? _accounts = FindAccounts() : _accounts;

    /// <summary>
    /// The ids whose log entry, reservation and grant must be loaded: of each command its own id, and the grant a revoke or
    /// restore names. A malformed command names nothing: it is refused unread, and its text must not reach a database.
    /// </summary>
    public IEnumerable<(AccountId Account, string Id)> Names =>
        _commands is [{ GrantId: null } only] ? NameOf(only) : FindNames();

    /// <summary>The same policy for part of the commands; a store may split a batch by account.</summary>
    /// <param name="commands">Some of the commands, in order.</param>
    public CreditBatch With(IEnumerable<CreditCommand> commands) => new(commands, Policy);

    /// <summary>Applies every command.</summary>
    /// <param name="loaded">The accounts that have a row; a missing one is empty.</param>
    /// <param name="now">The host's clock.</param>
    /// <returns>What to save, and a result for each command, in order.</returns>
    public CreditBatchChanges Apply(IEnumerable<LoadedCreditAccount> loaded, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        if (_commands is [var only])
        {
            return ApplyOnly(only, loaded, now);
        }

        var drafts = new Dictionary<AccountId, Working>(_commands.Length);
        foreach (var account in loaded)
        {
            drafts.Add(account.Account.Id, new Working(account, Policy));
        }

        var results = ImmutableArray.CreateBuilder<CreditResult>(_commands.Length);
        foreach (var command in _commands)
        {
            if (!drafts.TryGetValue(command.Account, out var working))
            {
                working = new Working(LoadedCreditAccount.Empty(command.Account), Policy);
                drafts.Add(command.Account, working);
            }

            results.Add(working.Apply(command, now));
        }

        return new CreditBatchChanges(ToChanges(drafts), results.MoveToImmutable());
    }

    /// <summary>The way of a lone caller, without the tables that many accounts need.</summary>
    private CreditBatchChanges ApplyOnly(
        CreditCommand command,
        IEnumerable<LoadedCreditAccount> loaded,
        DateTimeOffset now
    )
    {
        LoadedCreditAccount? account = null;
        foreach (var candidate in loaded)
        {
            account = candidate.Account.Id == command.Account ? candidate : account;
        }

        var working = new Working(account ?? LoadedCreditAccount.Empty(command.Account), Policy);
        var result = working.Apply(command, now);
        return new CreditBatchChanges(working.Draft.ToChange() is { IsChanged: true } change ? [change] : [], [result]);
    }

    private static ImmutableArray<CreditAccountChange> ToChanges(Dictionary<AccountId, Working> drafts)
    {
        var changes = ImmutableArray.CreateBuilder<CreditAccountChange>(drafts.Count);
        foreach (var working in drafts.Values)
        {
            if (working.Draft.ToChange() is { IsChanged: true } change)
            {
                changes.Add(change);
            }
        }

        return changes.DrainToImmutable();
    }

    private static (AccountId Account, string Id)[] NameOf(CreditCommand command) =>
        IsNamed(command) ? [(command.Account, command.Id)] : [];

    private IEnumerable<(AccountId Account, string Id)> FindNames()
    {
        var seen = new HashSet<(AccountId, string)>(_commands.Length);
        foreach (var command in _commands)
        {
            if (!IsNamed(command))
            {
                continue;
            }

            if (seen.Add((command.Account, command.Id)))
            {
                yield return (command.Account, command.Id);
            }

            if (command.GrantId is { } grant && seen.Add((command.Account, grant)))
            {
                yield return (command.Account, grant);
            }
        }
    }

    private static bool IsNamed(CreditCommand command) =>
        command.Kind != CreditCommandKind.Settle && command.Validate() is null;

    private ImmutableArray<AccountId> FindAccounts()
    {
        if (_commands is [{ Account.IsDefault: false } only])
        {
            return [only.Account];
        }

        var accounts = new HashSet<AccountId>();
        foreach (var command in _commands)
        {
            if (!command.Account.IsDefault)
            {
                accounts.Add(command.Account);
            }
        }

        return [.. accounts.Order()];
    }

    /// <summary>An account while a batch's commands are applied to it, with the ids that it knows.</summary>
    private sealed class Working(LoadedCreditAccount loaded, CreditPolicy policy)
    {
        private const int FewEnoughToSearch = 8;

        private Dictionary<string, CreditEntry>? _known;
        private int _noted;

        public CreditAccountDraft Draft { get; } = new(loaded.Account, policy);

        public CreditResult Apply(CreditCommand command, DateTimeOffset now) =>
            CreditRules.Apply(Draft, command, FindKnown(command.Id), now);

        private CreditEntry? FindKnown(string id)
        {
            // Most accounts have one command in a batch, for which a dictionary would be the dearest part.
            if (_known is null && loaded.Known.Count + Draft.Entries.Length <= FewEnoughToSearch)
            {
                return FindLoaded(id) ?? FindAppended(id);
            }

            if (_known is null)
            {
                _known = new(StringComparer.Ordinal);
                foreach (var entry in loaded.Known)
                {
                    Note(entry);
                }
            }

            for (; _noted < Draft.Entries.Length; _noted++)
            {
                Note(Draft.Entries[_noted]);
            }

            return _known.GetValueOrDefault(id);
        }

        private void Note(CreditEntry entry)
        {
            if (entry.IsIdempotencyKey)
            {
                _known![entry.OperationId] = entry;
            }
        }

        private CreditEntry? FindLoaded(string id)
        {
            if (loaded.Known.Count == 0)
            {
                return null;
            }

            foreach (var entry in loaded.Known)
            {
                if (IsKey(entry, id))
                {
                    return entry;
                }
            }

            return null;
        }

        private CreditEntry? FindAppended(string id)
        {
            foreach (var entry in Draft.Entries)
            {
                if (IsKey(entry, id))
                {
                    return entry;
                }
            }

            return null;
        }

        private static bool IsKey(CreditEntry entry, string id) =>
            entry.IsIdempotencyKey && string.Equals(entry.OperationId, id, StringComparison.Ordinal);
    }
}

/// <summary>One account as a store loaded it for a batch.</summary>
/// <param name="Account">
/// Its row; every grant with free or reserved credits and every grant in <see cref="CreditBatch.Names"/>; every open reservation
/// whose deadline is not after max(now, the account's last time), and every reservation in <see cref="CreditBatch.Names"/>.
/// </param>
/// <param name="Known">
/// The log entries in <see cref="CreditBatch.Names"/> for which <see cref="CreditEntry.IsIdempotencyKey"/> holds.
/// </param>
public sealed record LoadedCreditAccount(CreditAccount Account, IReadOnlyCollection<CreditEntry> Known)
{
    /// <summary>An account without a row.</summary>
    /// <param name="account">Which account.</param>
    public static LoadedCreditAccount Empty(AccountId account) => new(CreditAccount.Empty(account), []);
}

/// <summary>What a batch came to.</summary>
/// <param name="Accounts">What to save, per account; accounts that did not change are left out.</param>
/// <param name="Results">A result for each command, in order.</param>
public sealed record CreditBatchChanges(
    ImmutableArray<CreditAccountChange> Accounts,
    ImmutableArray<CreditResult> Results
);
