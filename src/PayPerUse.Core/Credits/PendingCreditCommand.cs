namespace PayPerUse.Credits;

/// <summary>A command on its way through a lane, and the caller who waits for it.</summary>
internal sealed class PendingCreditCommand(CreditCommand command)
    : TaskCompletionSource<CreditResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Dropped = 2;

    private int _state = Waiting;
    private bool _mayBeApplied;

    public CreditCommand Command { get; } = command;

    /// <summary>Why the last try failed.</summary>
    public CreditStoreException? Error { get; private set; }

    /// <summary>Puts the command into a batch, unless its caller has left.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>The caller leaves. False when the answer was there first, and then it is the caller's.</summary>
    /// <param name="outcome">What the caller may believe of a command it left.</param>
    public bool TryLeave(out CreditOperationOutcome outcome)
    {
        outcome =
            Interlocked.CompareExchange(ref _state, Dropped, Waiting) == Waiting
                ? CreditOperationOutcome.NotApplied
                : CreditOperationOutcome.Unknown;
        return TrySetCanceled();
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

        // Nobody waits for a release that was left behind; its failure is logged, not unobserved.
        _ = Task.Exception;
    }
}
