namespace PayPerUse.Payconiq.Simulator;

/// <summary>One callback as it went: sent and answered, or not sent.</summary>
/// <param name="At">When.</param>
/// <param name="PaymentId">Of which payment.</param>
/// <param name="Status">What it told.</param>
/// <param name="Outcome">The shop's answer, <c>no answer</c>, or what the weather did to it.</param>
internal sealed record SimulatedCallback(DateTimeOffset At, string PaymentId, string Status, string Outcome);

/// <summary>The last callbacks, newest first when read.</summary>
internal sealed class SimulatorJournal(TimeProvider clock)
{
    private const int Length = 500;

    private readonly Lock _writing = new();
    private readonly Queue<SimulatedCallback> _last = new();

    public void Add(SimulatedPayment payment, string outcome)
    {
        lock (_writing)
        {
            _last.Enqueue(new SimulatedCallback(clock.GetUtcNow(), payment.Id, payment.Status, outcome));
            if (_last.Count > Length)
            {
                _last.Dequeue();
            }
        }
    }

    public IReadOnlyList<SimulatedCallback> Read()
    {
        lock (_writing)
        {
            return [.. _last.Reverse()];
        }
    }
}
