using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditRetentionConformance
{
    [Fact]
    public async Task One_call_folds_no_more_than_it_was_told_and_the_next_goes_on_from_there()
    {
        await TrimAsync(Store, DateTimeOffset.MaxValue);
        var accounts = Enumerable.Range(0, 5).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 100))]);
        await accounts[0]
            .ApplyAllAsync([.. accounts.SelectMany(a => Enumerable.Range(0, 19).Select(i => a.Spend("s" + i, 1)))]);
        var order = new CreditTrimOrder(Now + TimeSpan.FromDays(1))
        {
            MaxAccounts = 100_000,
            MaxEntries = 30,
            EntriesPerStep = 8,
            WalkInterval = TimeSpan.FromHours(1),
        };
        Clock.Advance(TimeSpan.FromHours(1));
        var folded = new List<long>();
        CreditTrim trim;
        do
        {
            trim = await Retention.TrimAsync(order, Token);
            folded.Add(trim.Entries);
        } while (trim.Entries > 0);

        Assert.Equal(100, folded.Sum());
        Assert.All(folded, f => Assert.InRange(f, 0, 37));
        Assert.True(folded.Count >= 4);
        foreach (var account in accounts)
        {
            Assert.Empty(await account.ReadLogAsync());
            await account.AuditAsync();
            await account.ExpectAsync(81);
        }
    }

    [Fact]
    public async Task A_walk_looks_at_some_accounts_at_a_time_and_begins_anew_after_its_interval()
    {
        await TrimAsync(Store, DateTimeOffset.MinValue);
        var accounts = Enumerable.Range(0, 10).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 100))]);
        var order = new CreditTrimOrder(DateTimeOffset.UnixEpoch)
        {
            MaxAccounts = 3,
            WalkInterval = TimeSpan.FromHours(1),
        };
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await WalkAsync() >= 10);
        Assert.Equal(0, await WalkAsync());
        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await WalkAsync());
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await WalkAsync() >= 10);

        async Task<int> WalkAsync()
        {
            var looked = 0;
            CreditTrim trim;
            do
            {
                trim = await Retention.TrimAsync(order, Token);
                Assert.InRange(trim.Accounts, 0, 3);
                looked += trim.Accounts;
            } while (trim.Accounts == 3);

            return looked;
        }
    }

    [Fact]
    public async Task Hosts_that_trim_at_once_fold_each_entry_once()
    {
        await TrimAsync(Store, DateTimeOffset.MaxValue);
        var hosts = new List<ICreditStore> { Store };
        for (var i = 0; i < 3; i++)
        {
            hosts.Add(await CreateSecondStoreAsync(Store, Clock));
        }

        var accounts = Enumerable.Range(0, 10).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 100))]);
        await accounts[0]
            .ApplyAllAsync([.. accounts.SelectMany(a => Enumerable.Range(0, 49).Select(i => a.Spend("s" + i, 1)))]);
        var folded = await Task.WhenAll(hosts.Select(h => Task.Run(() => TrimAsync(h, Now.AddDays(1), 7), Token)));
        Assert.Equal(500, folded.Sum());
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            await account.ExpectAsync(51);
        }
    }

    [Fact]
    public async Task Trimming_while_writers_write_and_a_verifier_verifies_loses_nothing()
    {
        const int Writers = 12;
        const int Rounds = 40;
        await using var ledger = LedgerOver(Store);
        await using var second = LedgerOver(await CreateSecondStoreAsync(Store, Clock));
        var accounts = Enumerable.Range(0, 3).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 100_000))]);
        var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(w), Token)).ToArray();
        var (verified, trimmed) = (0, 0L);
        var all = Task.WhenAll(writers);
        while (!all.IsCompleted)
        {
            // Everything that is there by now is old enough, so trims bite into what is being written.
            trimmed += await TrimAsync(Store, Now.AddDays(1), 11);
            await foreach (
                var verdict in ledger.VerifyAsync(Token).Where(v => accounts.Any(a => a.Id.Value == v.Account))
            )
            {
                Assert.True(verdict.IsClean, verdict.ToString());
                verified++;
            }
        }

        await all;
        Assert.True(verified > 0 && trimmed > 0);
        trimmed += await TrimAsync(Store, Now.AddDays(1));
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            await account.ExpectAsync(100_000 - (Writers / accounts.Length * Rounds * 2));
        }

        async Task WriteAsync(int writer)
        {
            var account = accounts[writer % accounts.Length];
            var own = writer % 2 == 0 ? ledger : second;
            for (var i = 0; i < Rounds; i++)
            {
                await own.SubmitAsync(account.Spend($"s{writer}-{i}", 1), Token);
                var reserved = await own.SubmitAsync(account.Reserve($"k{writer}-{i}", 3), Token);
                var committed = await own.SubmitAsync(
                    CreditCommand.Commit(reserved.Reservation!.ToId(account.Id), 1),
                    Token
                );
                Assert.Equal(CreditStatus.Applied, committed.Status);
            }
        }
    }
}
