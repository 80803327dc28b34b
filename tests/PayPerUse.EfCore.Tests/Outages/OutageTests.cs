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
        await House.Ledger.GrantAsync(OutageHouse.Anna, "g", 100_000, "five", cancellationToken: Token);
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
    public async Task Callers_get_503_with_Retry_After_and_the_service_resumes_by_itself()
    {
        Assert.Equal(HttpStatusCode.OK, (await House.UseAsync("before")).Status);
        Assert.Equal(HttpStatusCode.OK, (await House.WriteLetterAsync("first-letter")).Status);

        await BeginOutageAsync();
        var used = await WaveAsync("use", House.UseAsync);
        var written = await WaveAsync("write", House.WriteLetterAsync);
        var read = await ReadDuringOutageAsync();
        Assert.Equal(1, House.Runs);
        await EndOutageAsync();

        Assert.All(
            used.Concat(written).Concat(read),
            a => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (a.Status, a.RetryAfter > TimeSpan.Zero))
        );
        Assert.All(used.Concat(written), a => Assert.True(a.Outcome is "not-applied" or "unknown", a.ToString()));

        // One lane: what is answered after them tells that all of them are over.
        await UntilServedAsync();
        var ids = await House.ReadIdsAsync();
        Assert.All(used, a => Assert.True(a.Outcome == "unknown" || !ids.Contains(a.Key!), $"{a} was applied."));
        foreach (var again in used)
        {
            Assert.Equal(HttpStatusCode.OK, (await House.UseAsync(again.Key!)).Status);
        }

        ids = await House.ReadIdsAsync();
        Assert.All(used, a => Assert.Single(ids, id => id == a.Key));
        await foreach (var verdict in House.Ledger.VerifyAsync(Token))
        {
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }

    [Fact]
    public async Task The_queue_stays_bounded_and_nothing_is_kept_of_callers_that_were_refused()
    {
        await BeginOutageAsync();
        var commands = new List<WeakReference>();
        for (var wave = 0; wave < 4; wave++)
        {
            var outcomes = await SubmitAsync(500, commands);
            Assert.Equal(500, outcomes.Length);
        }

        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // What waits, what is under way, and a few that the runtime has not let go of.
        var kept = commands.Count(c => c.IsAlive);
        await EndOutageAsync();
        Assert.InRange(kept, 0, OutageHouse.MaxQueueLength + OutageHouse.MaxBatchSize + 10);
        await UntilServedAsync();
    }

    private protected virtual async Task<OutageAnswer[]> ReadDuringOutageAsync() =>
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => House.ReadStatusAsync()));

    private static async Task<OutageAnswer[]> WaveAsync(string name, Func<string, Task<OutageAnswer>> send)
    {
        // More than a queue holds, so that some are refused as busy and some time out.
        var answers = new List<OutageAnswer>();
        for (var wave = 0; wave < 2; wave++)
        {
            var callers = Enumerable.Range(0, 2 * OutageHouse.MaxQueueLength).Select(i => send($"{name}-{wave}-{i}"));
            answers.AddRange(await Task.WhenAll(callers));
        }

        return [.. answers];
    }

    private async Task UntilServedAsync()
    {
        for (var i = 0; (await House.WriteLetterAsync("after-" + i)).Status != HttpStatusCode.OK; i++)
        {
            await Task.Delay(50, Token);
        }
    }

    /// <summary>A frame of its own, so that no local keeps a command.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Task<CreditOperationOutcome[]> SubmitAsync(int callers, List<WeakReference> commands)
    {
        return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => FailAsync()));

        async Task<CreditOperationOutcome> FailAsync()
        {
            var command = CreditCommand.Reserve(OutageHouse.Anna, Guid.NewGuid().ToString("N"), 1, "letter");
            commands.Add(new WeakReference(command));
            var error = await Assert.ThrowsAsync<CreditStoreException>(() => House.Ledger.SubmitAsync(command, Token));
            return error.Outcome;
        }
    }
}
