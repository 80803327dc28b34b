using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PayPerUse.Credits;

/// <summary>Keeps credits in memory: for tests, demos and as the shortest example of a store. Gone when the process ends.</summary>
/// <param name="clock">The clock.</param>
public sealed class InMemoryCreditStore(TimeProvider? clock = null)
    : ICreditStore,
        ICreditVersions,
        IDueCredits,
        ICreditAudit
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Dictionary<AccountId, Kept> _accounts = [];

    /// <inheritdoc />
    public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = _clock.GetUtcNow();
            var names = batch.Names.ToLookup(n => n.Account, n => n.Id);
            var loaded = batch
                .Accounts.Where(_accounts.ContainsKey)
                .Select(a => _accounts[a].Load(names[a], now))
                .ToArray();
            var changes = batch.Apply(loaded, now);
            foreach (var change in changes.Accounts)
            {
                if (!_accounts.TryGetValue(change.After.Id, out var kept))
                {
                    // A row is made by the first grant; until then there is nothing worth keeping.
                    kept = new Kept(change.After);
                    _accounts.Add(change.After.Id, kept);
                }

                kept.Save(change);
            }

            return Task.FromResult(changes.Results.Select(CreditOutcome.Of).ToImmutableArray());
        }
    }

    /// <inheritdoc />
    public Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    )
    {
        lock (_gate)
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
        lock (_gate)
        {
            if (!_accounts.TryGetValue(account, out var kept))
            {
                return Task.FromResult(ImmutableArray<CreditEntry>.Empty);
            }

            // Sequences have no gaps, so an entry's place is its sequence.
            var end = (int)Math.Clamp(before ?? long.MaxValue, 1, kept.Log.Count + 1L) - 1;
            var start = Math.Max(0, end - limit);
            var page = kept.Log.GetRange(start, end - start);
            page.Reverse();
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
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyDictionary<AccountId, long>>(
                accounts.Distinct().ToDictionary(a => a, a => _accounts.GetValueOrDefault(a)?.Row.Version ?? 0)
            );
        }
    }

    /// <inheritdoc />
    public Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
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
        lock (_gate)
        {
            var page = _accounts
                .Where(a => string.CompareOrdinal(a.Key.Value, after) > 0)
                .OrderBy(a => a.Key)
                .Take(limit)
                .Select(a => a.Value)
                .ToArray();
            return Task.FromResult<ICreditAuditPage>(new AuditPage(_gate, page, page.Length == limit));
        }
    }

    /// <summary>A log only grows, so a page needs no copy of it: just where it ended.</summary>
    private sealed class AuditPage : ICreditAuditPage
    {
        private const int Piece = 1000;

        private readonly Lock _gate;
        private readonly (Kept Kept, int End)[] _logs;

        public AuditPage(Lock gate, Kept[] accounts, bool isFull)
        {
            _gate = gate;
            _logs = [.. accounts.Select(a => (a, a.Log.Count))];
            Accounts = [.. accounts.Select(a => a.Audit())];
            Next = isFull ? Accounts[^1].Account : null;
        }

        public ImmutableArray<CreditAuditAccount> Accounts { get; }

        public string? Next { get; }

        public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            foreach (var (kept, end) in _logs)
            {
                for (var start = 0; start < end; start += Piece)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    List<CreditEntry> entries;
                    lock (_gate)
                    {
                        entries = kept.Log.GetRange(start, Math.Min(Piece, end - start));
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

    private sealed class Kept(CreditAccount row)
    {
        private readonly Dictionary<string, CreditGrant> _grants = new(StringComparer.Ordinal);
        private readonly Dictionary<string, CreditGrant> _live = new(StringComparer.Ordinal);
        private readonly Dictionary<string, CreditReservation> _reservations = new(StringComparer.Ordinal);
        private readonly Dictionary<string, CreditReservation> _open = new(StringComparer.Ordinal);
        private readonly Dictionary<string, CreditEntry> _known = new(StringComparer.Ordinal);

        public CreditAccount Row { get; private set; } = row;

        public List<CreditEntry> Log { get; } = [];

        public LoadedCreditAccount Load(IEnumerable<string> names, DateTimeOffset now)
        {
            var grants = new List<CreditGrant>(_live.Values);
            var reservations = Row.Reservations.ToBuilder();
            var known = new List<CreditEntry>();
            foreach (var name in names)
            {
                if (_grants.TryGetValue(name, out var grant) && !_live.ContainsKey(name))
                {
                    grants.Add(grant);
                }

                if (_reservations.TryGetValue(name, out var reservation))
                {
                    reservations[name] = reservation;
                }

                if (_known.TryGetValue(name, out var entry))
                {
                    known.Add(entry);
                }
            }

            var time = now > Row.LastTime ? now : Row.LastTime;
            foreach (var (id, reservation) in _open)
            {
                if (reservation.Deadline <= time)
                {
                    reservations[id] = reservation;
                }
            }

            grants.Sort();
            return new LoadedCreditAccount(
                Row with
                {
                    Grants = [.. grants],
                    Reservations = reservations.ToImmutable(),
                },
                known
            );
        }

        public CreditAccount LoadLive() =>
            Row with
            {
                Grants = [.. _live.Values.Order()],
                Reservations = Row.Reservations.SetItems(_open),
            };

        public CreditAuditAccount Audit() =>
            new(Row.Id.Value)
            {
                Row = Row,
                Grants = [.. _grants.Values.Order()],
                Open = [.. _open.Values],
            };

        public bool HasDue(DateTimeOffset now) =>
            _open.Values.Any(r => r.Deadline <= now)
            || _live.Values.Any(g => g is { Free: > 0, UsableUntil: { } until } && until <= now);

        public void Save(CreditAccountChange change)
        {
            Row = change.After with { Grants = [], Reservations = Row.Reservations.Clear() };
            foreach (var grant in change.Grants)
            {
                _grants[grant.Id] = grant;
                _live.Remove(grant.Id);
                if (grant.Free > 0 || grant.Reserved > 0)
                {
                    _live.Add(grant.Id, grant);
                }
            }

            foreach (var reservation in change.Reservations)
            {
                _reservations[reservation.Id] = reservation;
                _open.Remove(reservation.Id);
                if (reservation.State == ReservationState.Open)
                {
                    _open.Add(reservation.Id, reservation);
                }
            }

            foreach (var entry in change.Entries)
            {
                Log.Add(entry);
                if (entry.IsIdempotencyKey)
                {
                    _known.Add(entry.OperationId, entry);
                }
            }
        }
    }
}
