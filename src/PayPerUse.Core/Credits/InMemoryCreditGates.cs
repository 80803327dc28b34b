namespace PayPerUse.Credits;

/// <summary>
/// The locks of <see cref="InMemoryCreditStore"/>: an account has one of a few, so that callers of different accounts seldom wait
/// for each other, and whoever looks at several accounts takes them all.
/// </summary>
internal sealed class InMemoryCreditGates
{
    private const int Count = 32;

    private readonly Lock[] _gates = new Lock[Count];

    public InMemoryCreditGates()
    {
        for (var i = 0; i < Count; i++)
        {
            _gates[i] = new Lock();
        }
    }

    public Lock Of(AccountId account) => _gates[(uint)account.GetHashCode() % Count];

    /// <summary>Takes all of them, always in the same order, until the answer is disposed.</summary>
    public All EnterAll()
    {
        foreach (var gate in _gates)
        {
            gate.Enter();
        }

        return new All(_gates);
    }

    internal readonly ref struct All(Lock[] gates)
    {
        public void Dispose()
        {
            foreach (var gate in gates)
            {
                gate.Exit();
            }
        }
    }
}
