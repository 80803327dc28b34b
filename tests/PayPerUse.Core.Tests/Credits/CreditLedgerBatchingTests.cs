using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class CreditLedgerBatchingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_idle_a_command_leaves_at_once()
    {
        await using var house = await LedgerHouse.OpenAsync();
        await house.SpendAsync("a");
        await house.SpendAsync("b");
        Assert.Equal([1, 1, 1], house.Store.Sizes);
    }

    [Fact]
    public async Task When_busy_all_that_waits_goes_in_one_batch_in_its_order()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var first = await house.OccupyAsync();
        var waiting = Enumerable.Range(0, 40).Select(i => house.SpendAsync("s" + i)).ToArray();
        house.Store.LetGo();
        await Task.WhenAll(waiting);
        await first;
        Assert.Equal([1, 1, 40], house.Store.Sizes);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => "s" + i), house.Store.Batches[2].Select(c => c.Id));
        Assert.Equal(59, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_batch_is_no_larger_than_its_cap()
    {
        await using var house = await LedgerHouse.OpenAsync(o => o.MaxBatchSize = 4);
        _ = await house.OccupyAsync();
        var waiting = Enumerable.Range(0, 10).Select(i => house.SpendAsync("s" + i)).ToArray();
        house.Store.LetGo();
        await Task.WhenAll(waiting);
        Assert.Equal([1, 1, 4, 4, 2], house.Store.Sizes);
    }

    [Fact]
    public async Task A_full_queue_refuses_as_busy_and_nothing_is_applied()
    {
        await using var house = await LedgerHouse.OpenAsync(o => (o.MaxBatchSize, o.MaxQueueLength) = (2, 3));
        _ = await house.OccupyAsync();
        var waiting = Enumerable.Range(0, 3).Select(i => house.SpendAsync("s" + i)).ToArray();
        var busy = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("one-more"));
        Assert.Equal(
            (true, CreditOperationOutcome.NotApplied, "one-more"),
            (busy.IsTransient, busy.Outcome, busy.OperationId)
        );
        house.Store.LetGo();
        await Task.WhenAll(waiting);
        Assert.DoesNotContain("one-more", house.Store.Batches.SelectMany(b => b).Select(c => c.Id));
        await house.SpendAsync("one-more");
    }

    [Fact]
    public async Task A_caller_that_gave_up_is_dropped_before_its_batch_is_taken()
    {
        await using var house = await LedgerHouse.OpenAsync();
        _ = await house.OccupyAsync();
        using var giveUp = new CancellationTokenSource();
        var dropped = house.SpendAsync("dropped", giveUp.Token);
        var kept = house.SpendAsync("kept");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped);
        house.Store.LetGo();
        await kept;
        Assert.Equal(["kept"], house.Store.Batches[^1].Select(c => c.Id));
        Assert.Equal(98, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_caller_that_gives_up_later_may_find_its_command_applied_whole()
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Hold();
        using var giveUp = new CancellationTokenSource();
        var spend = house.SpendAsync("s", giveUp.Token);
        await house.Store.ArrivalAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => spend);
        house.Store.LetGo();
        Assert.Equal(CreditStatus.Replayed, (await house.SpendAsync("s")).Status);
        Assert.Equal(99, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_command_whose_caller_has_already_gone_is_never_queued()
    {
        await using var house = await LedgerHouse.OpenAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            house.SpendAsync("s", new CancellationToken(true))
        );
        Assert.Equal([1], house.Store.Sizes);
    }

    [Fact]
    public async Task A_caller_that_gave_up_on_a_reserve_leaves_a_release_behind()
    {
        await using var house = await LedgerHouse.OpenAsync();
        await GiveUpOnReserveAsync(house);
        house.Store.LetGo();
        await house.Store.ArrivalAsync();
        await house.SpendAsync("after");

        var (made, released) = (house.Store.Batches[1].Single(), house.Store.Batches[2][0]);
        Assert.Equal((CreditCommandKind.Release, "k", made.Attempt), (released.Kind, released.Id, released.Attempt));
        var read = await house.Ledger.ReadBalanceAsync(LedgerHouse.Anna, Token);
        Assert.Equal((99, 0), (read.Balance, read.Reserved));
    }

    [Fact]
    public async Task A_reserve_that_timed_out_leaves_a_release_behind_too()
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Hold();
        var reserve = house.Ledger.ReserveAsync(LedgerHouse.Anna, "k", 5, "letter", cancellationToken: Token);
        await house.Store.ArrivalAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<CreditStoreException>(() => reserve);
        house.Store.LetGo();
        await house.Store.ArrivalAsync();
        Assert.Equal(CreditCommandKind.Release, house.Store.Batches[2][0].Kind);
    }

    [Fact]
    public async Task A_host_that_is_stopping_still_releases_what_a_caller_left_behind()
    {
        await using var house = await LedgerHouse.OpenAsync();
        await GiveUpOnReserveAsync(house);
        var disposal = house.Ledger.DisposeAsync().AsTask();
        house.Store.LetGo();
        await disposal;
        Assert.Equal(CreditCommandKind.Release, Assert.Single(house.Store.Batches[^1]).Kind);
        var read = await house.Store.ReadBalanceAsync(LedgerHouse.Anna, house.Ledger.Policy, Token);
        Assert.Equal((100, 0), (read.Balance, read.Reserved));
    }

    [Fact]
    public async Task A_time_out_says_not_applied_while_waiting_and_unknown_once_taken_with_the_id_to_ask_again()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var taken = await house.OccupyAsync();
        var waiting = house.SpendAsync("waiting");
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        var unknown = await Assert.ThrowsAsync<CreditStoreException>(() => taken);
        var notApplied = await Assert.ThrowsAsync<CreditStoreException>(() => waiting);
        Assert.Equal((CreditOperationOutcome.Unknown, "occupies"), (unknown.Outcome, unknown.OperationId));
        Assert.Equal((CreditOperationOutcome.NotApplied, "waiting"), (notApplied.Outcome, notApplied.OperationId));
        house.Store.LetGo();
        Assert.Equal(CreditStatus.Replayed, (await house.SpendAsync("occupies")).Status);
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("waiting")).Status);
    }

    [Fact]
    public async Task A_caller_that_timed_out_leaves_nothing_with_its_token()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var first = await house.OccupyAsync();
        using var lives = new CancellationTokenSource();
        var late = SpendLate();
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<CreditStoreException>(() => first);
        house.Store.LetGo();
        await house.SpendAsync("after");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(late.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference SpendLate() => new(house.SpendAsync("late", lives.Token));
    }

    [Fact]
    public async Task Disposal_finishes_what_was_accepted_and_refuses_what_comes_after()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var first = await house.OccupyAsync();
        var waiting = Enumerable.Range(0, 5).Select(i => house.SpendAsync("s" + i)).ToArray();
        var disposal = house.Ledger.DisposeAsync().AsTask();
        var refused = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("late"));
        Assert.Equal((CreditOperationOutcome.NotApplied, "late"), (refused.Outcome, refused.OperationId));
        Assert.False(disposal.IsCompleted);
        house.Store.LetGo();
        await disposal;
        Assert.All(await Task.WhenAll([first, .. waiting]), r => Assert.Equal(CreditStatus.Applied, r.Status));
        await house.Ledger.DisposeAsync();
    }

    [Fact]
    public async Task Disposal_does_not_wait_for_ever_for_a_store_that_never_answers()
    {
        await using var house = await LedgerHouse.OpenAsync(o => o.Timeout = TimeSpan.FromMinutes(1));
        var taken = await house.OccupyAsync();
        house.Clock.Advance(TimeSpan.FromSeconds(30));
        var waiting = house.SpendAsync("waiting");
        var disposal = house.Ledger.DisposeAsync().AsTask();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await disposal;
        Assert.Equal(
            CreditOperationOutcome.Unknown,
            (await Assert.ThrowsAsync<CreditStoreException>(() => taken)).Outcome
        );
        var never = await Assert.ThrowsAsync<CreditStoreException>(() => waiting);
        Assert.Equal(CreditOperationOutcome.NotApplied, never.Outcome);
        Assert.Equal([1, 1], house.Store.Sizes);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_hide_what_happened()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var heard = new List<AccountId>();
        house.Ledger.Changed += (_, e) => heard.Add(e.Account);
        house.Ledger.Changed += (_, _) => throw new InvalidOperationException("A bad listener.");
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("s")).Status);
        await house.SpendAsync("s");
        Assert.Equal([LedgerHouse.Anna], heard);
    }

    [Fact]
    public async Task A_bad_command_is_answered_without_asking_the_store()
    {
        await using var house = await LedgerHouse.OpenAsync();
        var result = await house.Ledger.SpendAsync(LedgerHouse.Anna, "a b", 1, "letter", Token);
        Assert.Equal(CreditStatus.Invalid, result.Status);
        Assert.StartsWith("id:", result.Error, StringComparison.Ordinal);
        Assert.Equal([1], house.Store.Sizes);
        await Assert.ThrowsAsync<ArgumentException>(() => house.Ledger.ReadBalanceAsync(default, Token));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            house.Ledger.ReadHistoryAsync(default, cancellationToken: Token)
        );
    }

    [Theory]
    [InlineData("anna", 3)]
    [InlineData("bert", 3)]
    [InlineData("carla", 0)]
    [InlineData("\u5723\u5C3C", 2)]
    public void An_account_has_the_same_lane_on_every_host_and_in_every_version(string owner, int lane) =>
        Assert.Equal(lane, CreditLanes.LaneOf(new AccountId(owner), 4));

    [Fact]
    public void Accounts_spread_over_the_lanes()
    {
        var lanes = Enumerable.Range(0, 4000).CountBy(i => CreditLanes.LaneOf(new AccountId("user-" + i), 4)).ToArray();
        Assert.Equal(4, lanes.Length);
        Assert.All(lanes, l => Assert.InRange(l.Value, 800, 1200));
    }

    [Fact]
    public async Task All_commands_of_an_account_go_one_after_another_however_many_lanes_there_are()
    {
        using var store = new ScriptedCreditStore();
        await using var ledger = new CreditLedger(
            store,
            Options.Create(new PayPerUseOptions { Ledger = { Lanes = 8 } })
        );
        store.Hold();
        var spends = Enumerable.Range(0, 50).Select(i => ledger.SpendAsync(LedgerHouse.Anna, "s" + i, 1, "a", Token));
        var all = Task.WhenAll(spends.ToArray());
        await store.ArrivalAsync();
        store.LetGo();
        await all;
        Assert.Equal([1, 49], store.Sizes);
        Assert.Equal(Enumerable.Range(1, 49).Select(i => "s" + i), store.Batches[1].Select(c => c.Id));
    }

    [Fact]
    public async Task Lanes_do_not_wait_for_each_other()
    {
        using var store = new ScriptedCreditStore();
        await using var ledger = new CreditLedger(
            store,
            Options.Create(new PayPerUseOptions { Ledger = { Lanes = 2 } })
        );
        var owners = Enumerable
            .Range(0, 100)
            .Select(i => new AccountId("user-" + i))
            .ToLookup(a => CreditLanes.LaneOf(a, 2));
        store.Hold();
        var held = ledger.GrantAsync(owners[0].First(), "g", 1, "five", cancellationToken: Token);
        await store.ArrivalAsync();
        var other = ledger.GrantAsync(owners[1].First(), "g", 1, "five", cancellationToken: Token);
        await store.ArrivalAsync();
        Assert.False(held.IsCompleted);
        store.LetGo();
        await Task.WhenAll(held, other);
    }

    /// <summary>A caller that leaves while its command is with the store.</summary>
    private static async Task GiveUpOnReserveAsync(LedgerHouse house)
    {
        house.Store.Hold();
        using var giveUp = new CancellationTokenSource();
        var reserve = house.Ledger.ReserveAsync(LedgerHouse.Anna, "k", 5, "letter", cancellationToken: giveUp.Token);
        await house.Store.ArrivalAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reserve);
    }
}
