using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>An in-memory store that a test can hold, let fail and let lie.</summary>
internal sealed class ScriptedCreditStore : ICreditStore, IDisposable
{
    private readonly InMemoryCreditStore _inner = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private readonly SemaphoreSlim _permits = new(0);
    private readonly List<ImmutableArray<CreditCommand>> _batches = [];
    private volatile bool _isHeld;

    /// <summary>What was sent, batch by batch.</summary>
    public IReadOnlyList<ImmutableArray<CreditCommand>> Batches
    {
        get
        {
            lock (_batches)
            {
                return [.. _batches];
            }
        }
    }

    public IEnumerable<int> Sizes => Batches.Select(b => b.Length);

    /// <summary>Answers a batch instead of the store; the second argument is the store's own work.</summary>
    public Func<
        CreditBatch,
        Func<CreditBatch, Task<ImmutableArray<CreditOutcome>>>,
        Task<ImmutableArray<CreditOutcome>>
    >? Script { get; set; }

    public void Hold() => _isHeld = true;

    /// <summary>Waits until one more batch has arrived.</summary>
    public Task ArrivalAsync() => _arrivals.WaitAsync(TestContext.Current.CancellationToken);

    public void LetGo()
    {
        _isHeld = false;
        _permits.Release(1000);
    }

    public async Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken)
    {
        lock (_batches)
        {
            _batches.Add(batch.Commands);
        }

        _arrivals.Release();
        if (_isHeld)
        {
            await _permits.WaitAsync(CancellationToken.None);
        }

        return Script is { } script
            ? await script(batch, b => _inner.ApplyAsync(b, CancellationToken.None))
            : await _inner.ApplyAsync(batch, CancellationToken.None);
    }

    public Task<CreditBalance> ReadBalanceAsync(
        AccountId account,
        CreditPolicy policy,
        CancellationToken cancellationToken
    ) => _inner.ReadBalanceAsync(account, policy, cancellationToken);

    public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) => _inner.ReadHistoryAsync(account, before, limit, cancellationToken);

    public void Dispose()
    {
        _arrivals.Dispose();
        _permits.Dispose();
    }
}
