using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PayPerUse.Credits;

/// <summary>Keeps credits in memory: for tests, demos and as the shortest example of a store. Gone when the process ends.</summary>
/// <param name="clock">The clock.</param>
public sealed partial class InMemoryCreditStore(TimeProvider? clock = null)
    : IPromptCreditStore,
        ICreditVersions,
        IDueCredits,
        ICreditAudit
{
    // After so many grants, open reservations and known ids for each account that it may have, a page of an audit ends.
    private const int HeldPerAccount = 10;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly InMemoryCreditGates _gates = new();
    private readonly ConcurrentDictionary<AccountId, InMemoryCreditAccount> _accounts = new();

    /// <inheritdoc />
    public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        if (batch.Accounts is [var only])
        {
            lock (_gates.Of(only))
            {
                return Task.FromResult(Apply(batch));
            }
        }

        using (_gates.EnterAll())
        {
            return Task.FromResult(Apply(batch));
        }
    }

    /// <inheritdoc />
    CreditResult IPromptCreditStore.Apply(CreditCommand command, CreditPolicy policy)
    {
        lock (_gates.Of(command.Account))
        {
            var now = _clock.GetUtcNow();
            CreditEntry? known = null;
            var kept = _accounts.GetValueOrDefault(command.Account);
            var account = kept?.Load(command, now, out known) ?? CreditAccount.Empty(command.Account);
            var (result, change) = CreditRules.Apply(account, command, known, now, policy);
            if (change.IsChanged)
            {
                (kept ?? Add(command.Account)).Save(change);
            }

            return result;
        }
    }

    /// <inheritdoc />
    public Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        lock (_gates.Of(account))
        {
            var state = _accounts.TryGetValue(account, out var kept) ? kept.LoadLive() : CreditAccount.Empty(account);
            return Task.FromResult(CreditBalance.Of(state, _clock.GetUtcNow(), policy));
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        lock (_gates.Of(account))
        {
            if (!_accounts.TryGetValue(account, out var kept))
            {
                return Task.FromResult(ImmutableArray<CreditEntry>.Empty);
            }

            // Sequences have no gaps, so an entry's place is its sequence.
            var end = (int)Math.Clamp(before ?? long.MaxValue, kept.Log.Folded + 1L, kept.Log.Length + 1L) - 1;
            var start = Math.Max(kept.Log.Folded, end - limit);
            var page = kept.Log.Read(start, end - start);
            Array.Reverse(page);
            return Task.FromResult(page.ToImmutableArray());
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<AccountId, long>> ReadVersionsAsync(
        IReadOnlyCollection<AccountId> accounts,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(accounts);
        using (_gates.EnterAll())
        {
            return Task.FromResult<IReadOnlyDictionary<AccountId, long>>(
                accounts.Distinct().ToDictionary(a => a, a => _accounts.GetValueOrDefault(a)?.Row.Version ?? 0)
            );
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken)
    {
        using (_gates.EnterAll())
        {
            var now = _clock.GetUtcNow();
            return Task.FromResult(
                _accounts.Where(a => a.Value.HasDue(now)).Take(limit).Select(a => a.Key).ToImmutableArray()
            );
        }
    }

    /// <inheritdoc />
    public Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        using (_gates.EnterAll())
        {
            var page = new List<(InMemoryCreditAccount Kept, CreditAuditAccount Audit)>();
            var held = 0L;
            var isFull = false;
            foreach (var id in FirstAfter(after, limit))
            {
                var kept = _accounts[id];
                var audit = kept.Audit();
                page.Add((kept, audit));
                held += audit.Grants.Length + audit.Open.Length + (audit.Checkpoint?.Known.Length ?? 0);
                isFull = page.Count == limit || held >= (long)limit * HeldPerAccount;
                if (isFull)
                {
                    break;
                }
            }

            return Task.FromResult<ICreditAuditPage>(new AuditPage(_gates, page, isFull));
        }
    }

    /// <summary>The next accounts in order. No more of them are gathered than are asked for, however many there are.</summary>
    private SortedSet<AccountId> FirstAfter(string? after, int limit)
    {
        var first = new SortedSet<AccountId>();
        foreach (var (id, _) in _accounts)
        {
            if (AccountId.Compare(id.Value, after) <= 0 || (first.Count == limit && id > first.Max))
            {
                continue;
            }

            first.Add(id);
            if (first.Count > limit)
            {
                first.Remove(first.Max);
            }
        }

        return first;
    }

    private ImmutableArray<CreditOutcome> Apply(CreditBatch batch)
    {
        var now = _clock.GetUtcNow();
        var changes = batch.Apply(Load(batch, now), now);
        foreach (var change in changes.Accounts)
        {
            Add(change.After.Id).Save(change);
        }

        return ImmutableArray.CreateRange(changes.Results, CreditOutcome.Of);
    }

    // A row is made by the first grant; until then there is nothing worth keeping.
    private InMemoryCreditAccount Add(AccountId account) =>
        _accounts.GetOrAdd(account, static id => new InMemoryCreditAccount(id));

    private List<LoadedCreditAccount> Load(CreditBatch batch, DateTimeOffset now)
    {
        foreach (var (account, name) in batch.Names)
        {
            if (_accounts.TryGetValue(account, out var kept))
            {
                kept.Want(name);
            }
        }

        var accounts = batch.Accounts;
        var loaded = new List<LoadedCreditAccount>(accounts.Length);
        foreach (var account in accounts)
        {
            if (_accounts.TryGetValue(account, out var kept))
            {
                loaded.Add(kept.Load(now));
            }
        }

        return loaded;
    }

    /// <summary>
    /// A log is never edited, so a page needs no copy of it: just where it ended. If its oldest entries are deleted before they are
    /// read, the account is read anew.
    /// </summary>
    private sealed class AuditPage : ICreditAuditPage
    {
        private const int Piece = 1000;

        private readonly InMemoryCreditGates _gates;
        private readonly (InMemoryCreditAccount Kept, int Folded, int End)[] _logs;

        public AuditPage(
            InMemoryCreditGates gates,
            List<(InMemoryCreditAccount Kept, CreditAuditAccount Audit)> accounts,
            bool isFull
        )
        {
            _gates = gates;
            _logs = [.. accounts.Select(a => (a.Kept, a.Kept.Log.Folded, a.Kept.Log.Length))];
            Accounts = [.. accounts.Select(a => a.Audit)];
            Next = isFull ? Accounts[^1].Account : null;
        }

        public ImmutableArray<CreditAuditAccount> Accounts { get; }

        public string? Next { get; }

        public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            foreach (var log in _logs)
            {
                var (kept, read, end) = log;
                while (read < end)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    CreditEntry[] entries = [];
                    CreditAuditAccount? anew = null;
                    lock (_gates.Of(kept.Row.Id))
                    {
                        if (kept.Log.Folded > read)
                        {
                            (anew, read, end) = (kept.Audit(), kept.Log.Folded, kept.Log.Length);
                        }
                        else
                        {
                            entries = kept.Log.Read(read, Math.Min(Piece, end - read));
                            read += entries.Length;
                        }
                    }

                    if (anew is not null)
                    {
                        yield return new CreditAuditLine(anew.Account, 0, null) { Anew = anew };
                    }

                    foreach (var entry in entries)
                    {
                        yield return new CreditAuditLine(kept.Row.Id.Value, entry.Sequence, entry);
                    }
                }
            }

            await Task.CompletedTask.ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
