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
        _commands = [.. commands];
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
    public IEnumerable<(AccountId Account, string Id)> Names
    {
        get
        {
            var seen = new HashSet<(AccountId, string)>(_commands.Length);
            foreach (var command in _commands)
            {
                if (command.Kind == CreditCommandKind.Settle || command.Validate() is not null)
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
    }

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

        return new CreditBatchChanges(
            [.. drafts.Values.Select(d => d.Draft.ToChange()).Where(c => c.IsChanged)],
            results.MoveToImmutable()
        );
    }

    private ImmutableArray<AccountId> FindAccounts()
    {
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

    private sealed class Working
    {
        private readonly Dictionary<string, CreditEntry> _known = new(StringComparer.Ordinal);

        public Working(LoadedCreditAccount loaded, CreditPolicy policy)
        {
            Draft = new CreditAccountDraft(loaded.Account, policy);
            foreach (var entry in loaded.Known)
            {
                _known[entry.OperationId] = entry;
            }
        }

        public CreditAccountDraft Draft { get; }

        public CreditResult Apply(CreditCommand command, DateTimeOffset now)
        {
            var before = Draft.Entries.Count;
            var result = CreditRules.Apply(Draft, command, _known.GetValueOrDefault(command.Id), now);
            for (var i = before; i < Draft.Entries.Count; i++)
            {
                if (Draft.Entries[i].IsIdempotencyKey)
                {
                    _known[Draft.Entries[i].OperationId] = Draft.Entries[i];
                }
            }

            return result;
        }
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
