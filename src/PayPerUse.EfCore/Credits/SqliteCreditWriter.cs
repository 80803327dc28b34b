using System.Collections.Concurrent;
using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// SQLite has one writer at a time, so this store has one too: a thread of its own with one connection and prepared statements.
/// Batches that come while one is being written are saved together with it, with one fsync.
/// </summary>
internal sealed class SqliteCreditWriter : ICreditWriter
{
    private const int MaxTogether = 64;

    private readonly BlockingCollection<Work> _queue = [];
    private readonly IContextSource _contexts;
    private readonly CreditTables _tables;
    private readonly TimeProvider _clock;
    private readonly Thread _thread;
    private SqliteSession? _session;
    private SqliteAccounts? _accounts;

    public SqliteCreditWriter(IContextSource contexts, CreditTables tables, TimeProvider clock)
    {
        _contexts = contexts;
        _tables = tables;
        _clock = clock;
        _thread = new Thread(Run) { IsBackground = true, Name = "PayPerUse SQLite writer" };
        _thread.UnsafeStart();
    }

    public Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        var work = new Work(batch);
        try
        {
            _queue.Add(work, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new CreditStoreException("The host is stopping.", true, CreditOperationOutcome.NotApplied);
        }

        return work.Completion.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await Task.Run(_thread.Join).ConfigureAwait(false);
        _queue.Dispose();
    }

    private void Run()
    {
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            var together = new List<Work> { first };

            // A batch that fails must not take its neighbours along: alone, each has its own outcome.
            if (!TryApply(together, mayGrow: true) && together.Count > 1)
            {
                foreach (var work in together)
                {
                    TryApply([work], mayGrow: false);
                }
            }
        }

        CloseSession();
    }

    /// <summary>Saves batches in one transaction.</summary>
    /// <param name="together">The batches; what comes while they are written is added, if it may be.</param>
    /// <param name="mayGrow">Whether more may be added.</param>
    /// <param name="isCareful">Whether everything is read.</param>
    private bool TryApply(List<Work> together, bool mayGrow, bool isCareful = false)
    {
        var isCommitSent = false;
        try
        {
            OpenSession();
            _accounts!.Begin(isCareful);
            var results = together.ConvertAll(w => _accounts.Apply(w.Batch, _clock.GetUtcNow()));

            // What came meanwhile shares this fsync, and the pages that are changed already.
            while (mayGrow && together.Count < MaxTogether && _queue.TryTake(out var next))
            {
                together.Add(next);
                results.Add(_accounts.Apply(next.Batch, _clock.GetUtcNow()));
            }

            isCommitSent = true;
            _accounts.Commit();
            for (var i = 0; i < together.Count; i++)
            {
                together[i].Completion.SetResult([.. results[i].Select(CreditOutcome.Of)]);
            }

            return true;
        }
        catch (Exception e) when (!isCareful && !isCommitSent && DatabaseFailure.IsUniqueViolation(e))
        {
            // An id was already known: read with care, it gets its first result.
            _session!.Rollback();
            return TryApply(together, mayGrow: false, isCareful: true);
        }
        catch (Exception e)
        {
            CloseSession();
            if (together.Count == 1)
            {
                together[0].Completion.SetException(DatabaseFailure.ToCreditStoreException(e, isCommitSent));
            }

            return false;
        }
    }

    private void OpenSession()
    {
        if (_session is null)
        {
            _session = SqliteSession.Open(_contexts);
            _accounts = new SqliteAccounts(_session, new SqliteCreditSql(_tables));
        }
    }

    private void CloseSession()
    {
        try
        {
            _session?.Dispose();
        }
        catch (Exception)
        {
            // Given up in any case, whatever the app's context throws while it closes: an exception that left this thread would
            // take the host along.
        }

        _session = null;
    }

    private sealed class Work(CreditBatch batch)
    {
        public CreditBatch Batch { get; } = batch;

        public TaskCompletionSource<ImmutableArray<CreditOutcome>> Completion { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
