using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class CreditLedgerFailureTests
{
    private static readonly AccountId Bert = new("bert");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_passing_failure_is_tried_again_with_the_same_attempts()
    {
        await using var house = await LedgerHouse.OpenAsync(hasRealTime: true);
        var failures = 3;
        house.Store.Script = (batch, store) => failures-- > 0 ? throw LedgerHouse.Passing() : store(batch);
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("s")).Status);
        Assert.Equal(5, house.Store.Batches.Count);
        Assert.Single(house.Store.Batches.Skip(1).Select(b => b.Single().Attempt).Distinct());
    }

    [Fact]
    public async Task A_try_that_was_saved_though_its_answer_was_lost_is_heard_as_applied()
    {
        await using var house = await LedgerHouse.OpenAsync(hasRealTime: true);
        var isLost = false;
        house.Store.Script = async (batch, store) =>
        {
            var outcomes = await store(batch);
            (var wasLost, isLost) = (isLost, true);
            return wasLost ? outcomes : throw LedgerHouse.Passing(CreditOperationOutcome.Unknown);
        };
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("s")).Status);
        Assert.Equal(99, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_is_told_after_a_bounded_number_of_tries()
    {
        await using var house = await LedgerHouse.OpenAsync(o => o.MaxRetries = 2, hasRealTime: true);
        house.Store.Script = (_, _) => throw LedgerHouse.Passing();
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal(
            (true, CreditOperationOutcome.NotApplied, "s"),
            (error.IsTransient, error.Outcome, error.OperationId)
        );
        Assert.Equal([1, 1, 1, 1], house.Store.Sizes);
        house.Store.Script = null;
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("s")).Status);
    }

    [Theory]
    [InlineData(CreditOperationOutcome.Unknown, CreditOperationOutcome.NotApplied)]
    [InlineData(CreditOperationOutcome.NotApplied, CreditOperationOutcome.Unknown)]
    public async Task Once_a_try_may_have_been_saved_no_other_failure_says_that_nothing_was(
        CreditOperationOutcome first,
        CreditOperationOutcome second
    )
    {
        await using var house = await LedgerHouse.OpenAsync(o => o.MaxRetries = 1, hasRealTime: true);
        var tries = 0;
        house.Store.Script = (_, _) => throw LedgerHouse.Passing(tries++ == 0 ? first : second);
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal((2, CreditOperationOutcome.Unknown), (tries, error.Outcome));
    }

    [Fact]
    public async Task A_lasting_failure_is_bisected_until_the_bad_command_fails_alone_and_its_neighbours_succeed_in_order()
    {
        await using var house = await LedgerHouse.OpenAsync();
        _ = await house.OccupyAsync();
        var spends = Enumerable.Range(0, 20).Select(i => house.SpendAsync("s" + i)).ToArray();
        house.Store.Script = (batch, store) =>
            batch.Commands.Any(c => c.Id == "s13") ? throw LedgerHouse.Lasting() : store(batch);
        house.Store.LetGo();
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => spends[13]);
        Assert.Equal(("s13", "refused", false), (error.OperationId, error.Message, error.IsTransient));
        Assert.Equal(["s13"], house.Store.Batches.Last(b => b.Any(c => c.Id == "s13")).Select(c => c.Id));
        var results = await Task.WhenAll(spends.Where((_, i) => i != 13));
        Assert.All(results, r => Assert.Equal(CreditStatus.Applied, r.Status));
        Assert.Equal(Enumerable.Range(0, 19).Select(i => 98L - i), results.Select(r => r.Balance));
    }

    [Fact]
    public async Task An_exception_that_a_store_should_not_throw_leaves_the_outcome_unknown()
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Script = (_, _) => throw new TimeoutException("The database is slow.");
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal((CreditOperationOutcome.Unknown, "s"), (error.Outcome, error.OperationId));
        Assert.IsType<TimeoutException>(error.GetBaseException());
    }

    [Fact]
    public async Task Only_the_accounts_that_failed_go_again()
    {
        await using var house = await LedgerHouse.OpenAsync(hasRealTime: true);
        _ = await house.OccupyAsync();
        var isFirst = true;
        house.Store.Script = async (batch, store) =>
        {
            if (!isFirst || batch.Commands.Length == 1)
            {
                return await store(batch);
            }

            isFirst = false;
            return await ApplyButAsync(batch, store, Bert, LedgerHouse.Passing());
        };
        Task<CreditResult>[] all =
        [
            house.SpendAsync("a"),
            house.Ledger.GrantAsync(Bert, "g", 1, "five", cancellationToken: Token),
            house.SpendAsync("b"),
            house.Ledger.SpendAsync(Bert, "s", 1, "letter", Token),
        ];
        house.Store.LetGo();
        Assert.All(await Task.WhenAll(all), r => Assert.Equal(CreditStatus.Applied, r.Status));
        Assert.Equal([4, 2], house.Store.Sizes.Skip(2));
        Assert.Equal(["g", "s"], house.Store.Batches[^1].Select(c => c.Id));
    }

    [Fact]
    public async Task Each_account_hears_of_its_own_failure()
    {
        await using var house = await LedgerHouse.OpenAsync(o => o.MaxRetries = 0);
        _ = await house.OccupyAsync();
        house.Store.Script = async (batch, store) =>
        {
            var outcomes = await ApplyButAsync(batch, store, Bert, LedgerHouse.Lasting());
            return
            [
                .. batch.Commands.Select(
                    (c, i) => c.Account.Owner == "carla" ? CreditOutcome.Failed(LedgerHouse.Passing()) : outcomes[i]
                ),
            ];
        };
        var (anna, bert, carla) = (
            house.SpendAsync("a"),
            house.Ledger.GrantAsync(Bert, "g", 1, "five", cancellationToken: Token),
            house.Ledger.GrantAsync(new AccountId("carla"), "g", 1, "five", cancellationToken: Token)
        );
        house.Store.LetGo();
        Assert.Equal(CreditStatus.Applied, (await anna).Status);
        Assert.Equal("refused", (await Assert.ThrowsAsync<CreditStoreException>(() => bert)).Message);
        Assert.Equal("deadlock", (await Assert.ThrowsAsync<CreditStoreException>(() => carla)).Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_store_that_answers_a_wrong_number_of_outcomes_does_not_stop_the_lane(int outcomes)
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Script = (_, _) =>
            Task.FromResult(outcomes < 0 ? default : ImmutableArray.Create(new CreditOutcome[outcomes]));
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal(CreditOperationOutcome.Unknown, error.Outcome);
        house.Store.Script = null;
        Assert.Equal(CreditStatus.Applied, (await house.SpendAsync("s")).Status);
    }

    [Fact]
    public async Task A_store_that_answers_more_than_it_was_asked_is_not_believed()
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Script = async (batch, store) => [.. await store(batch), .. await store(batch)];
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal(CreditOperationOutcome.Unknown, error.Outcome);
        house.Store.Script = null;
        Assert.Equal(CreditStatus.Replayed, (await house.SpendAsync("s")).Status);
    }

    [Fact]
    public async Task A_store_that_answers_nothing_for_a_command_leaves_its_outcome_unknown()
    {
        await using var house = await LedgerHouse.OpenAsync();
        house.Store.Script = (_, _) => Task.FromResult(ImmutableArray.Create(default(CreditOutcome)));
        var error = await Assert.ThrowsAsync<CreditStoreException>(() => house.SpendAsync("s"));
        Assert.Equal(CreditOperationOutcome.Unknown, error.Outcome);
    }

    /// <summary>A store that splits by account: one account fails, the others are applied.</summary>
    private static async Task<ImmutableArray<CreditOutcome>> ApplyButAsync(
        CreditBatch batch,
        Func<CreditBatch, Task<ImmutableArray<CreditOutcome>>> store,
        AccountId failing,
        CreditStoreException error
    )
    {
        var others = await store(batch.With(batch.Commands.Where(c => c.Account != failing)));
        var next = 0;
        return [.. batch.Commands.Select(c => c.Account == failing ? CreditOutcome.Failed(error) : others[next++])];
    }
}
