using CsCheck;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>What a store must do beyond <see cref="CreditAuditConformance"/> when its logs can be trimmed.</summary>
public abstract partial class CreditRetentionConformance : CreditAuditConformance
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private ICreditRetention Retention => Assert.IsType<ICreditRetention>(Store, exactMatch: false);

    /// <summary>Trims every account and tells how many entries were folded, of whichever accounts.</summary>
    protected internal static async Task<long> TrimAsync(
        ICreditStore store,
        DateTimeOffset before,
        int entriesPerStep = 2000
    )
    {
        var order = new CreditTrimOrder(before)
        {
            MaxAccounts = 100_000,
            MaxEntries = int.MaxValue,
            EntriesPerStep = entriesPerStep,
            WalkInterval = TimeSpan.Zero,
        };
        var trim = await Assert.IsType<ICreditRetention>(store, exactMatch: false).TrimAsync(order, Token);
        Assert.Empty(trim.Refused);
        return trim.Entries;
    }

    [Fact]
    public async Task A_trimmed_account_keeps_its_balance_and_verifies_clean()
    {
        var account = await NewStoryAsync();
        var (balance, sequence) = (await account.ReadAsync(), (await account.LastEntryAsync()).Sequence);
        Clock.Advance(Year);
        Assert.Equal(sequence, await TrimAsync(account));

        var after = await account.ReadAsync();
        Assert.Equal((balance.Balance, balance.Reserved), (after.Balance, after.Reserved));
        Assert.True(after.Version > balance.Version);
        Assert.Empty(await account.ReadLogAsync());
        await account.AuditAsync();
        await account.MustApplyAsync(account.Grant("h", 4));
        await account.MustApplyAsync(account.Spend("s9", 2));
        Assert.Equal([sequence + 1, sequence + 2], (await account.ReadLogAsync()).Select(e => e.Sequence));
        Assert.Equal(2, await TrimAsync(account, Now + TimeSpan.FromSeconds(1)));
        await account.ExpectAsync(balance.Balance + 2, balance.Reserved);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Steps_of_any_size_come_to_the_same(int entriesPerStep)
    {
        var account = await NewStoryAsync();
        var expected = await account.ReadAsync();
        Clock.Advance(Year);
        await TrimAsync(Store, Now, entriesPerStep);
        await account.AuditAsync();
        var read = await account.ReadAsync();
        Assert.Equal((expected.Balance, expected.Reserved), (read.Balance, read.Reserved));
        Assert.Empty(await account.ReadLogAsync());
    }

    [Fact]
    public async Task Entries_from_the_moment_on_stay_and_an_account_without_older_ones_is_not_touched()
    {
        var (old, young) = (await NewAccountAsync(10), NewAccount());
        Clock.Advance(TimeSpan.FromDays(1));
        var moment = Now;
        await old.MustApplyAsync(old.Spend("s", 1));
        await young.MustApplyAsync(young.Grant("g", 5));
        var version = (await young.ReadAsync()).Version;
        await TrimAsync(Store, moment);

        Assert.Equal([2L], (await old.ReadLogAsync()).Select(e => e.Sequence));
        Assert.Equal([1L], (await young.ReadLogAsync()).Select(e => e.Sequence));
        Assert.Equal(version, (await young.ReadAsync()).Version);
        var trimmed = (await old.ReadAsync()).Version;
        await TrimAsync(Store, moment);
        Assert.Equal(trimmed, (await old.ReadAsync()).Version);
    }

    [Fact]
    public async Task Time_does_not_run_backwards_after_a_trim()
    {
        var account = await NewAccountAsync(10);
        var granted = Now;
        await TrimAsync(account, Now + TimeSpan.FromDays(1));
        Clock.AdjustTime(Now - TimeSpan.FromHours(1));
        var spent = await account.MustApplyAsync(account.Spend("s", 1));
        Assert.Equal(granted, spent.At);
    }

    [Fact]
    public async Task History_pages_of_a_trimmed_log_end_where_it_begins()
    {
        var account = await NewAccountAsync(100);
        await account.ApplyAllAsync([.. Enumerable.Range(0, 9).Select(i => account.Spend("old" + i, 1))]);
        Clock.Advance(Year);
        var moment = Now;
        await account.ApplyAllAsync([.. Enumerable.Range(0, 5).Select(i => account.Spend("new" + i, 1))]);
        await TrimAsync(account, moment);

        var newest = await Store.ReadHistoryAsync(account.Id, null, 3, Token);
        Assert.Equal([15L, 14, 13], newest.Select(e => e.Sequence));
        var rest = await Store.ReadHistoryAsync(account.Id, 13, 3, Token);
        Assert.Equal([12L, 11], rest.Select(e => e.Sequence));
        foreach (var before in new long?[] { 11, 10, 5, 1 })
        {
            Assert.Empty(await Store.ReadHistoryAsync(account.Id, before, 3, Token));
        }
    }

    [Fact]
    public async Task Random_stories_with_trims_in_between_end_as_a_naive_model_says()
    {
        var teller = new CreditStoryteller(Store, Clock, store => ReopenStoreAsync(store, Clock));
        var kept = Gen.Int[0, 3].Select(i => TimeSpan.FromMinutes(new[] { -1.0, 5, 1440, 10_085 }[i]));
        await Gen.Select(CreditScript.Story, CreditScript.Policy, kept, Gen.Int[1, 7])
            .SampleAsync(
                (story, policy, time, step) => teller.TellAsync(story, policy, time, step),
                iter: Stories,
                threads: 1
            );
    }

    /// <summary>Trims everything before a moment, a year by default, and expects that this account was among it.</summary>
    private async Task<long> TrimAsync(AccountUnderTest account, DateTimeOffset? before = null)
    {
        var log = (await account.ReadLogAsync()).Count;
        await TrimAsync(Store, before ?? Now);
        var trimmed = log - (await account.ReadLogAsync()).Count;
        Assert.True(trimmed > 0, "Nothing was trimmed.");
        await account.AuditAsync();
        return trimmed;
    }

    /// <summary>Every kind of entry: grants, spends, reservations that were committed, released, lapsed and are open, a revoke and a restore.</summary>
    private async Task<AccountUnderTest> NewStoryAsync()
    {
        var account = await NewAccountAsync(20);
        await account.MustApplyAsync(account.Grant("e", 5, Now + TimeSpan.FromMinutes(30)));
        await account.MustApplyAsync(account.Spend("s1", 3));
        await account.MustApplyAsync(CreditCommand.Commit(await account.MustReserveAsync(account.Reserve("k1", 4)), 1));
        await account.MustApplyAsync(CreditCommand.Release(await account.MustReserveAsync(account.Reserve("k2", 2))));
        await account.MustReserveAsync(account.Reserve("k3", 2));
        await account.MustApplyAsync(account.Revoke("r", "g", 18));
        Clock.Advance(TimeSpan.FromHours(1));
        await account.MustApplyAsync(account.Restore("b", "g", 18));
        return account;
    }
}
