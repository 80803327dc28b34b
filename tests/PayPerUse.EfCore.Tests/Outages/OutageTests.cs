using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Tests.Outages;

/// <summary>A database that does not answer for a while, in whichever way.</summary>
public abstract class OutageTests : IAsyncLifetime
{
    private OutageHouse? _house;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private OutageHouse House => _house ?? throw new InvalidOperationException("The test has not begun.");

    protected abstract Task<Action<DbContextOptionsBuilder>> OpenDatabaseAsync();

    protected abstract Task BeginOutageAsync();

    protected abstract Task EndOutageAsync();

    protected abstract ValueTask CloseDatabaseAsync();

    public async ValueTask InitializeAsync()
    {
        _house = await OutageHouse.StartAsync(await OpenDatabaseAsync());
        await OutageHouse.PatientlyAsync(() =>
            House.Ledger.GrantAsync(OutageHouse.Anna, "g", 100_000, "five", cancellationToken: Token)
        );
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_house is not null)
        {
            await _house.DisposeAsync();
        }

        await CloseDatabaseAsync();
    }

    /// <summary>The outage ends only after the answers: whatever answered did not wait for the database.</summary>
    [Fact]
    public async Task Callers_get_503_with_Retry_After_while_the_queue_stays_bounded_and_the_service_resumes_by_itself()
    {
        await House.UntilServedAsync(House.UseAsync, "before");
        await House.UntilServedAsync(House.WriteLetterAsync, "first-letter");

        await BeginOutageAsync();
        var used = await WaveAsync("use", House.UseAsync);
        var written = await WaveAsync("write", House.WriteLetterAsync);
        var read = await ReadDuringOutageAsync();
        var kept = await CountKeptAsync();
        Assert.Equal(1, House.Runs);
        await EndOutageAsync();

        Assert.All(
            used.Concat(written).Concat(read),
            a => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (a.Status, a.RetryAfter > TimeSpan.Zero))
        );

        // A request asks the ledger more than once, and a busy machine is slow; but a driver would wait for half a minute each time.
        Assert.All(
            used.Concat(written).Concat(read),
            a => Assert.InRange(a.Time, TimeSpan.Zero, OutageHouse.Timeout * 10)
        );
        Assert.All(used.Concat(written), a => Assert.True(a.Outcome is "not-applied" or "unknown", a.ToString()));

        // What waits, what is under way, and a few that the runtime has not let go of: nothing of those that were refused.
        Assert.InRange(kept, 0, OutageHouse.MaxQueueLength + OutageHouse.MaxBatchSize + 10);

        // One lane: what is answered after them tells that all of them are over.
        await House.UntilServedAsync(House.UseAsync, "after");
        var ids = await House.ReadIdsAsync();
        Assert.All(used, a => Assert.True(a.Outcome == "unknown" || !ids.Contains(a.Key!), $"{a} was applied."));
        foreach (var again in used)
        {
            await House.UntilServedAsync(House.UseAsync, again.Key!);
        }

        ids = await House.ReadIdsAsync();
        Assert.All(used, a => Assert.Single(ids, id => id == a.Key));
        await foreach (var verdict in House.Ledger.VerifyAsync(Token))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }

    /// <summary>Submits two thousand reserves in vain; how many of them are still held in memory then?</summary>
    private async Task<int> CountKeptAsync()
    {
        var commands = new ConcurrentBag<WeakReference>();
        for (var wave = 0; wave < 2; wave++)
        {
            await SubmitInVainAsync(1000, commands);
        }

        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return commands.Count(c => c.IsAlive);
    }

    private protected virtual async Task<OutageAnswer[]> ReadDuringOutageAsync() =>
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => House.ReadStatusAsync()));

    private static Task<OutageAnswer[]> WaveAsync(string name, Func<string, Task<OutageAnswer>> send) =>
        // More than a queue holds, so that some are refused as busy and some time out.
        Task.WhenAll(Enumerable.Range(0, 2 * OutageHouse.MaxQueueLength).Select(i => send($"{name}-{i}")));

    /// <summary>A frame of its own, so that no local keeps a command.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task SubmitInVainAsync(int callers, ConcurrentBag<WeakReference> commands)
    {
        return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(FailAsync, Token)));

        async Task FailAsync()
        {
            var command = CreditCommand.Reserve(OutageHouse.Anna, Guid.NewGuid().ToString("N"), 1, "letter");
            commands.Add(new WeakReference(command));
            await Assert.ThrowsAsync<CreditStoreException>(() => House.Ledger.SubmitAsync(command, Token));
        }
    }
}
