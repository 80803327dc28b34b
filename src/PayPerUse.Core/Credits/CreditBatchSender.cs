using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using PayPerUse.Diagnostics;

namespace PayPerUse.Credits;

/// <summary>Gets a batch through the store: tries again what failed in passing, and isolates what fails for good.</summary>
/// <param name="store">The store.</param>
/// <param name="policy">The numbers to follow.</param>
/// <param name="options">How often to try again.</param>
/// <param name="clock">For the wait between two tries.</param>
/// <param name="logger">Where failures are told.</param>
/// <param name="stopping">Ends all waiting: the host cannot wait any longer.</param>
internal sealed class CreditBatchSender(
    ICreditStore store,
    CreditPolicy policy,
    CreditLedgerOptions options,
    TimeProvider clock,
    ILogger logger,
    CancellationToken stopping
)
{
    /// <summary>Sends a batch; each of its commands is answered or failed when this returns.</summary>
    /// <param name="batch">The commands, in order.</param>
    /// <param name="answer">Takes each result.</param>
    public async Task SendAsync(List<PendingCreditCommand> batch, Action<PendingCreditCommand, CreditResult> answer)
    {
        for (var retries = 0; ; retries++)
        {
            var outcomes = await ApplyAsync(batch).ConfigureAwait(false);

            // A failure is an account's, so taking these apart keeps the order of each account's commands.
            List<PendingCreditCommand>? passing = null;
            List<PendingCreditCommand>? lasting = null;
            for (var i = 0; i < batch.Count; i++)
            {
                if (outcomes[i].Result is { } result)
                {
                    answer(batch[i], result);
                    continue;
                }

                var error = outcomes[i].Error ?? NoAnswer("nothing for one of the commands");
                batch[i].NoteFailure(error);
                (error.IsTransient ? passing ??= [] : lasting ??= []).Add(batch[i]);
            }

            if (lasting is not null)
            {
                CreditLog.BatchFailed(logger, lasting.Count, retries, isTransient: false, lasting[0].Error!);
                await BisectAsync(lasting, answer).ConfigureAwait(false);
            }

            if (passing is null)
            {
                return;
            }

            CreditLog.BatchFailed(logger, passing.Count, retries, isTransient: true, passing[0].Error!);
            if (retries >= options.MaxRetries || stopping.IsCancellationRequested)
            {
                passing.ForEach(p => p.Fail());
                return;
            }

            batch = passing;
            await BackOffAsync(retries).ConfigureAwait(false);
        }
    }

    private async ValueTask<ImmutableArray<CreditOutcome>> ApplyAsync(List<PendingCreditCommand> batch)
    {
        CreditStoreException error;
        try
        {
            if (stopping.IsCancellationRequested)
            {
                return FailAll(batch, Stopping(CreditOperationOutcome.NotApplied));
            }

            using var trace = PayPerUseTraces.StartBatch(batch.Count);
            var start = clock.GetTimestamp();
            var commands = new CreditCommand[batch.Count];
            for (var i = 0; i < commands.Length; i++)
            {
                commands[i] = batch[i].Command;
            }

            var applying = store.ApplyAsync(
                new CreditBatch(ImmutableCollectionsMarshal.AsImmutableArray(commands), policy),
                stopping
            );
            var outcomes = await (applying.IsCompleted ? applying : applying.WaitAsync(stopping)).ConfigureAwait(false);
            PayPerUseMetrics.BatchDone(batch.Count, clock.GetElapsedTime(start));
            if (!outcomes.IsDefault && outcomes.Length == batch.Count)
            {
                return outcomes;
            }

            error = NoAnswer($"{(outcomes.IsDefault ? 0 : outcomes.Length)} outcomes to {batch.Count} commands");
        }
        catch (CreditStoreException e)
        {
            error = e;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            error = Stopping(CreditOperationOutcome.Unknown);
        }
        catch (Exception e)
        {
            error = new CreditStoreException(
                "The credit store failed: " + e.Message,
                isTransient: false,
                CreditOperationOutcome.Unknown,
                e
            );
        }

        return FailAll(batch, error);
    }

    /// <summary>Splits what fails for good until the bad command fails alone; halves go in order.</summary>
    private async Task BisectAsync(List<PendingCreditCommand> batch, Action<PendingCreditCommand, CreditResult> answer)
    {
        if (batch.Count == 1 || stopping.IsCancellationRequested)
        {
            batch.ForEach(p => p.Fail());
            return;
        }

        var half = batch.Count / 2;
        await SendAsync(batch[..half], answer).ConfigureAwait(false);
        await SendAsync(batch[half..], answer).ConfigureAwait(false);
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
            await Task.Delay(delay, clock, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The next try sees that the host is stopping.
        }
    }

    private static ImmutableArray<CreditOutcome> FailAll(
        List<PendingCreditCommand> batch,
        CreditStoreException error
    ) => [.. Enumerable.Repeat(CreditOutcome.Failed(error), batch.Count)];

    private static CreditStoreException Stopping(CreditOperationOutcome outcome) =>
        new("The host is stopping.", isTransient: true, outcome);

    private static CreditStoreException NoAnswer(string got) =>
        new($"The credit store gave {got}.", isTransient: false, CreditOperationOutcome.Unknown);
}
