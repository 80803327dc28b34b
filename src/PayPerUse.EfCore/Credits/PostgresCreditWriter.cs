using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// PostgreSQL. Accounts that this host saw last are saved in one round trip, without being read again; the save fails as a whole
/// if another host has changed one of them since (<see cref="PostgresSeenBatch"/>). All others, and whatever failed that way,
/// take two round trips (<see cref="PostgresLockedBatch"/>). See Credits/readme.md.
/// </summary>
internal sealed class PostgresCreditWriter(IContextSource contexts, CreditTables tables, TimeProvider clock)
    : ICreditWriter
{
    private readonly PostgresCreditSql _sql = new(tables);
    private readonly PostgresSaveSql _saveSql = new(tables);
    private readonly PostgresRecentAccounts _recent = new();
    private readonly ConcurrentBag<PostgresSession> _idle = [];

    public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        var outcomes = new CreditOutcome[batch.Commands.Length];
        var epoch = _recent.Epoch;
        if (PostgresSeenBatch.Take(batch, _recent, clock.GetUtcNow()) is { } seen)
        {
            await SaveSeenAsync(seen, epoch, outcomes, cancellationToken).ConfigureAwait(false);
        }

        var places = FindUnanswered(outcomes);
        if (places.Count == outcomes.Length)
        {
            var results = await ApplyLockedAsync(batch, cancellationToken).ConfigureAwait(false);
            return [.. results.Select(CreditOutcome.Of)];
        }

        if (places.Count > 0)
        {
            await ApplyRestAsync(batch, places, outcomes, cancellationToken).ConfigureAwait(false);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(outcomes);
    }

    public async ValueTask DisposeAsync()
    {
        while (_idle.TryTake(out var session))
        {
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task SaveSeenAsync(
        PostgresSeenBatch seen,
        int epoch,
        CreditOutcome[] outcomes,
        CancellationToken cancellationToken
    )
    {
        var session = await TakeSessionAsync(cancellationToken).ConfigureAwait(false);
        if (epoch != _recent.Epoch)
        {
            // What was seen may be another server's.
            _idle.Add(session);
            return;
        }

        try
        {
            await session.ExecuteAsync([seen.ToStatement(_saveSql)], cancellationToken).ConfigureAwait(false);
            _idle.Add(session);
            seen.Answer(outcomes);
            seen.PutBack(_recent, clock.GetUtcNow(), epoch);
            _recent.NoteFresh();
        }
        catch (Exception e) when (DatabaseFailure.IsStale(e) || DatabaseFailure.IsKnownId(e))
        {
            // Nothing was saved; under the lock it is seen what is so.
            _idle.Add(session);
            if (DatabaseFailure.IsStale(e))
            {
                _recent.NoteStale(clock.GetUtcNow());
            }
        }
        catch (Exception e)
        {
            await GiveUpAsync(session).ConfigureAwait(false);
            if (e is OperationCanceledException)
            {
                throw;
            }

            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: true);
        }
    }

    private async Task ApplyRestAsync(
        CreditBatch batch,
        List<int> places,
        CreditOutcome[] outcomes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var results = await ApplyLockedAsync(batch.With(places.Select(p => batch.Commands[p])), cancellationToken)
                .ConfigureAwait(false);
            for (var i = 0; i < places.Count; i++)
            {
                outcomes[places[i]] = CreditOutcome.Of(results[i]);
            }
        }
        catch (CreditStoreException e)
        {
            // What went the other way is saved, whatever became of these.
            foreach (var place in places)
            {
                outcomes[place] = CreditOutcome.Failed(e);
            }
        }
    }

    private async Task<ImmutableArray<CreditResult>> ApplyLockedAsync(
        CreditBatch batch,
        CancellationToken cancellationToken
    )
    {
        var session = await TakeSessionAsync(cancellationToken).ConfigureAwait(false);
        var epoch = _recent.Epoch;
        var locked = new PostgresLockedBatch(_sql, _saveSql, session, batch);
        try
        {
            var now = clock.GetUtcNow();
            var results = await locked.ApplyAsync(now, cancellationToken).ConfigureAwait(false);
            locked.PutInto(_recent, now, epoch);
            _idle.Add(session);
            return results;
        }
        catch (Exception e)
        {
            await GiveUpAsync(session).ConfigureAwait(false);
            if (e is OperationCanceledException)
            {
                throw;
            }

            throw DatabaseFailure.ToCreditStoreException(e, locked.IsCommitSent);
        }
    }

    private static List<int> FindUnanswered(CreditOutcome[] outcomes)
    {
        var places = new List<int>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i].Result is null)
            {
                places.Add(i);
            }
        }

        return places;
    }

    private async Task<PostgresSession> TakeSessionAsync(CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsUsable)
            {
                return idle;
            }

            await GiveUpAsync(idle).ConfigureAwait(false);
        }

        try
        {
            var opened = await PostgresSession.OpenAsync(contexts, cancellationToken).ConfigureAwait(false);
            _recent.Clear();
            return opened;
        }
        catch (Exception e) when (DatabaseFailure.IsOfDatabase(e))
        {
            throw DatabaseFailure.ToCreditStoreException(e, isCommitSent: false);
        }
    }

    /// <summary>Closing ends the transaction, and the pool makes the connection clean again.</summary>
    private async Task GiveUpAsync(PostgresSession session)
    {
        _recent.Clear();
        await session.DisposeAsync().ConfigureAwait(false);
    }
}
