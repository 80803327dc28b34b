using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PayPerUse.Diagnostics;

namespace PayPerUse.Credits;

/// <summary>One lane of the ledger: batches form by themselves while the previous one is being saved. See Credits/readme.md.</summary>
internal sealed class CreditBatcher : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ICreditStore _store;
    private readonly CreditPolicy _policy;
    private readonly CreditLedgerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _abandon = new();
    private Queue<Pending> _waiting = new();
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
        _store = store;
        _policy = policy;
        _options = options;
        _clock = clock;
        _logger = logger;
    }

    public async Task<CreditResult> SubmitAsync(CreditCommand command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(command);
        Enqueue(pending, isOwn: false);

        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        await using var onCancel = cancellationToken
            .UnsafeRegister(static (p, token) => ((Pending)p!).GiveUp(token), pending)
            .ConfigureAwait(false);
        await using var onTimeout = timeout
            .Token.UnsafeRegister(static p => ((Pending)p!).TimeOut(), pending)
            .ConfigureAwait(false);
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
        if (await Task.WhenAny(running, Task.Delay(_options.Timeout, _clock)).ConfigureAwait(false) != running)
        {
            await _abandon.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(false);
        }

        _abandon.Dispose();
    }

    private void Enqueue(Pending pending, bool isOwn)
    {
        lock (_gate)
        {
            if (_isClosed && !isOwn)
            {
                throw NotApplied(pending.Command, "The host is stopping.");
            }

            if (_waiting.Count >= _options.MaxQueueLength && !isOwn)
            {
                throw NotApplied(pending.Command, "Too many commands are waiting.");
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
            await ApplyAsync(batch).ConfigureAwait(false);
        }
    }

    /// <summary>Takes all that waits, up to the cap; callers that gave up are dropped here, before anything is sent.</summary>
    private List<Pending> TakeBatch()
    {
        lock (_gate)
        {
            var batch = new List<Pending>(Math.Min(_waiting.Count, _options.MaxBatchSize));
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

    private async Task ApplyAsync(List<Pending> batch)
    {
        for (var retries = 0; ; retries++)
        {
            ImmutableArray<CreditOutcome> outcomes;
            try
            {
                outcomes = await _store
                    .ApplyAsync(new CreditBatch(batch.Select(p => p.Command), _policy), _abandon.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception e)
            {
                var error = AsStoreException(e);
                outcomes = [.. Enumerable.Repeat(CreditOutcome.Failed(error), batch.Count)];
            }

            var failed = new List<Pending>();
            CreditStoreException? failure = null;
            for (var i = 0; i < batch.Count; i++)
            {
                if (outcomes[i].Result is { } result)
                {
                    Complete(batch[i], result);
                }
                else
                {
                    failure ??= outcomes[i].Error;
                    failed.Add(batch[i]);
                }
            }

            if (failure is null)
            {
                return;
            }

            batch = failed;
            CreditLog.BatchFailed(_logger, batch.Count, retries, failure.IsTransient, failure);
            if (_abandon.IsCancellationRequested)
            {
                Fail(batch, failure);
                return;
            }

            if (!failure.IsTransient)
            {
                await BisectAsync(batch, failure).ConfigureAwait(false);
                return;
            }

            if (retries >= _options.MaxRetries)
            {
                Fail(batch, failure);
                return;
            }

            await BackOffAsync(retries).ConfigureAwait(false);
        }
    }

    /// <summary>Splits a batch that fails for good until the bad command fails alone; order within an account is kept.</summary>
    private async Task BisectAsync(List<Pending> batch, CreditStoreException failure)
    {
        if (batch.Count == 1)
        {
            Fail(batch, failure);
            return;
        }

        var half = batch.Count / 2;
        await ApplyAsync(batch[..half]).ConfigureAwait(false);
        await ApplyAsync(batch[half..]).ConfigureAwait(false);
    }

    private async Task BackOffAsync(int retries)
    {
        // Full jitter, so that hosts that collided do not collide again.
        var ceiling = Math.Min(1000, 20 << Math.Min(retries, 6));
#pragma warning disable CA5394 // Jitter needs no secrecy.
        var delay = TimeSpan.FromMilliseconds(Random.Shared.Next(1, ceiling));
#pragma warning restore CA5394
        try
        {
            await Task.Delay(delay, _clock, _abandon.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next round sees that the host is stopping.
        }
    }

    private void Complete(Pending pending, CreditResult result)
    {
        if (pending.TryComplete(result) || result is not { Status: CreditStatus.Applied, Reservation: { } reservation })
        {
            return;
        }

        if (pending.Command.Kind == CreditCommandKind.Reserve)
        {
            // Nobody will run the work this was reserved for. Should this be lost too, the deadline returns the credits.
            Enqueue(new Pending(CreditCommand.Release(reservation.ToId(pending.Command.Account))), isOwn: true);
        }
    }

    private static void Fail(List<Pending> batch, CreditStoreException failure)
    {
        foreach (var pending in batch)
        {
            pending.TryFail(
                new CreditStoreException(failure.Message, failure.IsTransient, failure.Outcome, failure)
                {
                    OperationId = pending.Command.Id,
                }
            );
        }
    }

    private static CreditStoreException AsStoreException(Exception e) =>
        e as CreditStoreException
        ?? new CreditStoreException(
            "The credit store failed: " + e.Message,
            isTransient: false,
            CreditOperationOutcome.Unknown,
            e
        );

    private static CreditStoreException NotApplied(CreditCommand command, string why) =>
        new(why, isTransient: true, CreditOperationOutcome.NotApplied) { OperationId = command.Id };

    private sealed class Pending(CreditCommand command)
    {
        private const int Waiting = 0;
        private const int Taken = 1;
        private const int Dropped = 2;

        private readonly TaskCompletionSource<CreditResult> _completion = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private int _state = Waiting;

        public CreditCommand Command { get; } = command;

        public Task<CreditResult> Task => _completion.Task;

        public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

        public bool TryComplete(CreditResult result) => _completion.TrySetResult(result);

        public void TryFail(CreditStoreException error) => _completion.TrySetException(error);

        public void GiveUp(CancellationToken cancellationToken)
        {
            Interlocked.CompareExchange(ref _state, Dropped, Waiting);
            _completion.TrySetCanceled(cancellationToken);
        }

        public void TimeOut()
        {
            var wasWaiting = Interlocked.CompareExchange(ref _state, Dropped, Waiting) == Waiting;
            _completion.TrySetException(
                new CreditStoreException(
                    "The credit store did not answer in time.",
                    isTransient: true,
                    wasWaiting ? CreditOperationOutcome.NotApplied : CreditOperationOutcome.Unknown
                )
                {
                    OperationId = Command.Id,
                }
            );
        }
    }
}
