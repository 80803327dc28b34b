using Microsoft.Extensions.Logging;
using PayPerUse.Diagnostics;

namespace PayPerUse.Credits;

/// <summary>One lane of the ledger: batches form by themselves while the previous one is being saved. See Credits/readme.md.</summary>
internal sealed class CreditBatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CreditLedgerOptions _options;
    private readonly TimeProvider _clock;

    // Hears of every result, before its caller does.
    private readonly Action<CreditCommand, CreditResult> _done;

    private readonly CancellationTokenSource _stopping = new();
    private readonly CreditBatchSender _sender;
    private readonly Action<PendingCreditCommand, CreditResult> _answer;
    private readonly Queue<PendingCreditCommand> _waiting = new();
    private readonly ITimer _timer;
    private readonly IPromptCreditStore? _prompt;
    private readonly CreditPolicy _policy;
    private List<PendingCreditCommand> _sent = [];
    private TaskCompletionSource? _idle;
    private bool _isTimerSet;
    private bool _isRunning;
    private volatile bool _isClosed;

    public CreditBatcher(
        ICreditStore store,
        CreditPolicy policy,
        CreditLedgerOptions options,
        TimeProvider clock,
        ILogger logger,
        Action<CreditCommand, CreditResult> done
    )
    {
        _options = options;
        _clock = clock;
        _done = done;
        _answer = Answer;
        _prompt = store as IPromptCreditStore;
        _policy = policy;
        _sender = new CreditBatchSender(store, policy, options, clock, logger, _stopping.Token);
        _timer = clock.CreateTimer(
            static lane => ((CreditBatcher)lane!).TimeOutTheLate(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public Task<CreditResult> SubmitAsync(CreditCommand command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<CreditResult>(cancellationToken);
        }

        if (_prompt is not null && !_isClosed && TryApplyAtOnce(_prompt, command) is { } result)
        {
            return Task.FromResult(result);
        }

        var pending = new PendingCreditCommand(command, _clock.GetTimestamp());
        if (Enqueue(pending) is { } refusal)
        {
            return Task.FromException<CreditResult>(refusal);
        }

        if (cancellationToken.CanBeCanceled && !pending.Task.IsCompleted)
        {
            pending.GiveUpOn(cancellationToken);
        }

        return pending.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_gate)
        {
            _isClosed = true;
            idle = _isRunning
                ? (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }

        // What was accepted is finished, but a store that never answers cannot hold up the host for ever.
        try
        {
            await idle.WaitAsync(_options.Timeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await idle.ConfigureAwait(false);
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>
    /// Sends a command past the queue; null when it must go the long way. Nothing is gained by letting it wait for others where there
    /// is no round trip to share: under load a lane's next turn waits in the thread pool behind every request, and all its callers
    /// with it.
    /// </summary>
    private CreditResult? TryApplyAtOnce(IPromptCreditStore store, CreditCommand command)
    {
        CreditResult result;
        try
        {
            using var trace = PayPerUseTraces.StartBatch(1);
            var start = PayPerUseMetrics.MeasuresBatches ? _clock.GetTimestamp() : 0;
            result = store.Apply(command, _policy);
            if (PayPerUseMetrics.MeasuresBatches)
            {
                PayPerUseMetrics.BatchDone(1, _clock.GetElapsedTime(start));
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The queue tells of failures, and the attempt makes sure that nothing is done twice.
            return null;
        }

        _done(command, result);
        return result;
    }

    /// <summary>Adds a command to the queue; answers why not.</summary>
    private CreditStoreException? Enqueue(PendingCreditCommand pending)
    {
        lock (_gate)
        {
            if (_isClosed && !pending.IsOwn)
            {
                return Refused(pending.Command, "The host is stopping.");
            }

            if (_waiting.Count >= _options.MaxQueueLength && !pending.IsOwn)
            {
                return Refused(pending.Command, "Too many commands are waiting.");
            }

            _waiting.Enqueue(pending);
            SetTimer(_options.Timeout);
            if (_isRunning)
            {
                return null;
            }

            _isRunning = true;
        }

        // On the caller's own thread until the store has to be waited for: a lone caller pays for no hop. What comes after
        // is nobody's in particular, so it does not run in this caller's context.
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = RunAsync();
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                _ = RunAsync();
            }
        }

        return null;
    }

    private async Task RunAsync()
    {
        while (TakeBatch())
        {
            var sending = SendAsync(_sent);
            var isAtOnce = sending.IsCompleted;
            await sending.ConfigureAwait(false);

            // Callers that were just answered often come straight back. Behind them in the thread pool's queue, the next
            // batch carries them all, where at once it would carry the first alone.
            if (!isAtOnce || HasWaiting())
            {
                await Task.Yield();
            }
        }
    }

    private async Task SendAsync(List<PendingCreditCommand> batch)
    {
        try
        {
            await _sender.SendAsync(batch, _answer).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever went wrong (a logger that throws), the lane lives on and nobody waits for nothing.
            var error = new CreditStoreException(e.Message, false, CreditOperationOutcome.Unknown, e);
            foreach (var pending in batch)
            {
                pending.NoteFailure(error);
                pending.Fail();
            }
        }
    }

    private bool HasWaiting()
    {
        lock (_gate)
        {
            return _waiting.Count > 0;
        }
    }

    /// <summary>Takes all that waits, up to the cap; callers that gave up are dropped here, before anything is sent.</summary>
    private bool TakeBatch()
    {
        lock (_gate)
        {
            _sent.Clear();
            while (_sent.Count < _options.MaxBatchSize && _waiting.TryDequeue(out var pending))
            {
                if (pending.TryTake())
                {
                    _sent.Add(pending);
                }
            }

            _isRunning = _sent.Count > 0;
            if (!_isRunning)
            {
                _idle?.TrySetResult();
            }

            return _isRunning;
        }
    }

    private void Answer(PendingCreditCommand pending, CreditResult result)
    {
        _done(pending.Command, result);
        if (
            !pending.TryAnswer(result)
            && pending.Command.Kind == CreditCommandKind.Reserve
            && result is { Status: CreditStatus.Applied, Reservation: { } reservation }
        )
        {
            // Nobody will run the work this was reserved for. Should this be lost too, the deadline returns the credits.
            var release = CreditCommand.Release(reservation.ToId(pending.Command.Account));
            Enqueue(new PendingCreditCommand(release, _clock.GetTimestamp(), isOwn: true));
        }
    }

    /// <summary>One timer a lane, set for whoever has waited longest: a timer for each command costs more than the command.</summary>
    private void SetTimer(TimeSpan time)
    {
        if (!_isTimerSet)
        {
            _isTimerSet = true;
            _timer.Change(time, Timeout.InfiniteTimeSpan);
        }
    }

    private void TimeOutTheLate()
    {
        var late = new List<PendingCreditCommand>();
        lock (_gate)
        {
            var longest = TimeSpan.MinValue;
            foreach (var pending in _sent.Concat(_waiting))
            {
                if (pending.IsOwn || pending.Task.IsCompleted)
                {
                    continue;
                }

                var waited = _clock.GetElapsedTime(pending.Since);
                if (waited >= _options.Timeout)
                {
                    late.Add(pending);
                }
                else if (waited > longest)
                {
                    longest = waited;
                }
            }

            _isTimerSet = false;
            if (longest != TimeSpan.MinValue)
            {
                // A timer counts in whole milliseconds.
                SetTimer(_options.Timeout - longest + TimeSpan.FromMilliseconds(1));
            }
        }

        late.ForEach(p => p.TimeOut());
    }

    private static CreditStoreException Refused(CreditCommand command, string why) =>
        new(why, isTransient: true, CreditOperationOutcome.NotApplied) { OperationId = command.Id };
}
