namespace PayPerUse.Credits;

/// <summary>A command on its way through a lane, and the caller who waits for it.</summary>
/// <param name="command">The command.</param>
/// <param name="since">When the caller began to wait, in the clock's own ticks.</param>
/// <param name="isOwn">Whether the lane itself sent it: then nobody waits, and nobody gives up.</param>
internal sealed class PendingCreditCommand(CreditCommand command, long since, bool isOwn = false)
    : TaskCompletionSource<CreditResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Dropped = 2;

    private int _state = Waiting;
    private bool _mayBeApplied;
    private CancellationTokenRegistration _givingUp;

    public CreditCommand Command { get; } = command;

    public long Since { get; } = since;

    public bool IsOwn { get; } = isOwn;

    /// <summary>Why the last try failed.</summary>
    public CreditStoreException? Error { get; private set; }

    /// <summary>Lets the caller give up.</summary>
    public void GiveUpOn(CancellationToken cancellationToken)
    {
        _givingUp = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingCreditCommand)state!).GiveUp(token),
            this
        );
        if (Task.IsCompleted)
        {
            _givingUp.Unregister();
        }
    }

    /// <summary>Puts the command into a batch, unless its caller has left.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Gives the caller its result; false when it has left.</summary>
    public bool TryAnswer(CreditResult result)
    {
        var isHeard = TrySetResult(result);
        _givingUp.Unregister();
        return isHeard;
    }

    /// <summary>The caller has waited long enough. A command that no batch has taken yet is dropped: nothing of it applied.</summary>
    public void TimeOut()
    {
        TrySetException(
            new CreditStoreException(
                "The credit store did not answer in time.",
                isTransient: true,
                Leave() ? CreditOperationOutcome.NotApplied : CreditOperationOutcome.Unknown
            )
            {
                OperationId = Command.Id,
            }
        );
        _givingUp.Unregister();
    }

    /// <summary>Notes a failed try. Once one may have been saved, no later failure can say that nothing was.</summary>
    public void NoteFailure(CreditStoreException error)
    {
        Error = error;
        _mayBeApplied |= error.Outcome == CreditOperationOutcome.Unknown;
    }

    /// <summary>Tells the caller the last failure.</summary>
    public void Fail()
    {
        var error = Error!;
        TrySetException(
            new CreditStoreException(
                error.Message,
                error.IsTransient,
                _mayBeApplied ? CreditOperationOutcome.Unknown : CreditOperationOutcome.NotApplied,
                error
            )
            {
                OperationId = Command.Id,
            }
        );
        _givingUp.Unregister();

        // Nobody waits for a release that was left behind; its failure is logged, not unobserved.
        _ = Task.Exception;
    }

    private void GiveUp(CancellationToken cancellationToken)
    {
        Leave();
        TrySetCanceled(cancellationToken);
    }

    private bool Leave() => Interlocked.CompareExchange(ref _state, Dropped, Waiting) == Waiting;
}
