using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>What a store must do beyond <see cref="CreditStoreConformance"/> when it can be verified.</summary>
public abstract class CreditAuditConformance : CreditStoreConformance
{
    [Fact]
    public async Task An_account_that_has_seen_everything_is_found_right()
    {
        var account = await NewAccountAsync(10);
        await account.MustApplyAsync(account.Grant("h", 5, Now + TimeSpan.FromMinutes(20)));
        await account.MustApplyAsync(account.Spend("s", 3));
        await account.MustApplyAsync(CreditCommand.Commit(await account.MustReserveAsync(account.Reserve("k1", 6)), 2));
        await account.MustApplyAsync(CreditCommand.Release(await account.MustReserveAsync(account.Reserve("k2", 2))));
        await account.MustReserveAsync(account.Reserve("k2", 2, TimeSpan.FromMinutes(15)));
        await account.MustReserveAsync(account.Reserve("k3", 2, TimeSpan.FromHours(5)));
        await account.MustApplyAsync(account.Revoke("r", "g", 9));
        Clock.Advance(TimeSpan.FromHours(1));
        await account.MustApplyAsync(account.Restore("b", "g", 9));
        await account.MustApplyAsync(account.Grant("i", 50));

        var verdict = await VerifyAsync(account.Id);
        Assert.True(verdict.IsClean, verdict.ToString());
        Assert.Equal((await account.LastEntryAsync()).Sequence, verdict.Entries);
    }

    [Fact]
    public async Task Every_account_is_verified_once_whatever_the_size_of_a_page()
    {
        var audit = Assert.IsType<ICreditAudit>(Store, exactMatch: false);
        var accounts = Enumerable.Range(0, 23).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 5))]);
        await accounts[0].ApplyAllAsync([.. accounts.Select((a, i) => a.Spend("s" + i, 1))]);
        foreach (var pageSize in new[] { 1, 7, 23, 1000 })
        {
            var watched = new WatchedAudit(audit, every: int.MaxValue);
            var verdicts = await CreditVerification.VerifyAsync(watched, pageSize, Token).ToListAsync(Token);
            Assert.InRange(watched.MostAccounts, 1, pageSize);
            Assert.DoesNotContain(verdicts, v => !v.IsClean);
            Assert.Equal(verdicts.Count, verdicts.DistinctBy(v => v.Account).Count());
            Assert.Equal(23, verdicts.Count(v => accounts.Any(a => a.Id.Value == v.Account)));
        }
    }

    [Fact]
    public async Task Verifying_finds_nothing_wrong_while_fifty_writers_write()
    {
        await using var ledger = LedgerOver(Store);
        var accounts = Enumerable.Range(0, 10).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", 10_000_000))]);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writers = Enumerable.Range(0, 50).Select(w => Task.Run(() => WriteAsync(w), Token)).ToArray();
        var verified = 0;
        for (var round = 0; round < 5; round++)
        {
            await foreach (var verdict in ledger.VerifyAsync(Token))
            {
                Assert.True(verdict.IsClean, verdict.ToString());
                verified++;
            }
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);
        Assert.True(verified >= 50);
        foreach (var account in accounts)
        {
            var verdict = await VerifyAsync(account.Id);
            Assert.True(verdict is { IsClean: true, Entries: > 1 }, verdict.ToString());
        }

        async Task WriteAsync(int writer)
        {
            var account = accounts[writer % accounts.Length];
            var i = 0;
            do
            {
                await ledger.SubmitAsync(account.Spend($"s{writer}-{i}", 1), Token);
                var reserved = await ledger.SubmitAsync(account.Reserve($"k{writer}-{i}", 3), Token);
                var reservation = reserved.Reservation!.ToId(account.Id);
                await ledger.SubmitAsync(
                    i % 2 == 0 ? CreditCommand.Commit(reservation, 1) : CreditCommand.Release(reservation),
                    Token
                );

                // A store in memory would write faster than anybody reads.
                await Task.Delay(1, Token);
            } while (i++ < 3 || !enough.IsCancellationRequested);
        }
    }

    [Fact]
    public async Task A_page_that_is_given_up_halfway_leaves_nothing_behind()
    {
        var audit = Assert.IsType<ICreditAudit>(Store, exactMatch: false);
        var account = await NewAccountAsync(5000);
        await account.ApplyAllAsync([.. Enumerable.Range(0, 3000).Select(i => account.Spend("s" + i, 1))]);
        for (var i = 0; i < 50; i++)
        {
            await using var page = await audit.ReadPageAsync(null, 1, Token);
            await foreach (var line in page.ReadLogAsync(Token))
            {
                // The page is the store's first account, which may be another test's, and folded already.
                Assert.True(line.Sequence > 0);
                break;
            }

            await page.DisposeAsync();
        }

        await account.MustApplyAsync(account.Spend("last", 1));
        var verdict = await VerifyAsync(account.Id);
        Assert.True(verdict is { IsClean: true, Entries: 3002 }, verdict.ToString());
    }

    private protected async Task<CreditVerdict> VerifyAsync(AccountId account)
    {
        await using var ledger = LedgerOver(Store);
        return await ledger.VerifyAsync(Token).SingleAsync(v => v.Account == account.Value, Token);
    }
}
