using Microsoft.Extensions.Logging;

namespace PayPerUse.Credits;

/// <summary>One lane of the ledger: batches form by themselves while the previous one is being saved. See Credits/readme.md.</summary>
internal sealed class CreditBatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CreditLedgerOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CreditBatchSender _sender;
    private readonly Queue<PendingCreditCommand> _waiting = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;
    private bool _isClosed;

    public CreditBatcher(
        ICreditStore store,
        CreditPolicy policy,
        CreditLedgerOptions options,
        TimeProvider clock,
        ILogger logger
    )
    {
        _options = options;
        _clock = clock;
        _sender = new CreditBatchSender(store, policy, options, clock, logger, _stopping.Token);
    }

    public async Task<CreditResult> SubmitAsync(CreditCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingCreditCommand(command);
        Enqueue(pending, isOwn: false);
        try
        {
            return await pending.Task.WaitAsync(_options.Timeout, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (pending.TryLeave(out var outcome))
            {
                throw Refused(command, "The credit store did not answer in time.", outcome);
            }
        }
        catch (OperationCanceledException)
        {
            if (pending.TryLeave(out _))
            {
                throw;
            }
        }

        // The answer came at the very moment of leaving; a reservation must not be lost between the two.
        return await pending.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_gate)
        {
            _isClosed = true;
            running = _running;
        }

        // What was accepted is finished, but a store that never answers cannot hold up the host for ever.
        try
        {
            await running.WaitAsync(_options.Timeout, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private void Enqueue(PendingCreditCommand pending, bool isOwn)
    {
        lock (_gate)
        {
            if (_isClosed && !isOwn)
            {
                throw Refused(pending.Command, "The host is stopping.", CreditOperationOutcome.NotApplied);
            }

            if (_waiting.Count >= _options.MaxQueueLength && !isOwn)
            {
                throw Refused(pending.Command, "Too many commands are waiting.", CreditOperationOutcome.NotApplied);
            }

            _waiting.Enqueue(pending);
            if (!_isRunning)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync, CancellationToken.None);
            }
        }
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                await _sender.SendAsync(batch, Answer).ConfigureAwait(false);
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
    }

    /// <summary>Takes all that waits, up to the cap; callers that gave up are dropped here, before anything is sent.</summary>
    private List<PendingCreditCommand> TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<PendingCreditCommand>(Math.Min(_waiting.Count, _options.MaxBatchSize));
            while (batch.Count < _options.MaxBatchSize && _waiting.TryDequeue(out var pending))
            {
                if (pending.TryTake())
                {
                    batch.Add(pending);
                }
            }

            _isRunning = batch.Count > 0;
            return batch;
        }
    }

    private void Answer(PendingCreditCommand pending, CreditResult result)
    {
        var isHeard = pending.TrySetResult(result);
        if (
            !isHeard
            && pending.Command.Kind == CreditCommandKind.Reserve
            && result is { Status: CreditStatus.Applied, Reservation: { } reservation }
        )
        {
            // Nobody will run the work this was reserved for. Should this be lost too, the deadline returns the credits.
            var release = CreditCommand.Release(reservation.ToId(pending.Command.Account));
            Enqueue(new PendingCreditCommand(release), isOwn: true);
        }
    }

    private static CreditStoreException Refused(CreditCommand command, string why, CreditOperationOutcome outcome) =>
        new(why, isTransient: true, outcome) { OperationId = command.Id };
}
