using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task A_lapsed_first_run_cannot_commit_the_second_runs_reservation()
    {
        var account = await NewAccountAsync(5);
        var other = new AccountUnderTest(await CreateSecondStoreAsync(Store, Clock), id: account.Id);
        var reserve = account.Reserve("k", 2, TimeSpan.FromMinutes(1));
        var first = await account.MustReserveAsync(reserve);
        Clock.Advance(TimeSpan.FromMinutes(1));

        // The first run is stuck; its client tries again with the same key, on another host.
        var second = await other.MustReserveAsync(Again(reserve));
        await account.MustRefuseAsync(CreditCommand.Commit(first), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Release(first), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Renew(first), CreditStatus.NotFound);
        await other.ExpectAsync(3, reserved: 2);
        await other.MustApplyAsync(CreditCommand.Commit(second, 1));
        Assert.Equal(CreditStatus.NotFound, (await account.ApplyAsync(CreditCommand.Commit(first))).Status);
        await account.ExpectAsync(4);
    }

    [Fact]
    public async Task Host_clocks_ten_minutes_apart_neither_lose_nor_make_credits()
    {
        // "late" is right; "early" is ten minutes ahead of it.
        var (lateClock, earlyClock) = (Clock, new FakeTimeProvider(Now + TimeSpan.FromMinutes(10)));
        var late = await NewAccountAsync(10, new CreditPolicy { RateLimit = new(4, TimeSpan.FromMinutes(1)) });
        var early = new AccountUnderTest(await CreateSecondStoreAsync(Store, earlyClock), late.Policy, late.Id);
        var (lateNow, earlyNow) = (Now, earlyClock.GetUtcNow());
        await late.MustApplyAsync(late.Grant("h", 5, lateNow + TimeSpan.FromMinutes(8)));
        var lapsing = await late.MustReserveAsync(late.Reserve("k", 2, TimeSpan.FromMinutes(5)));
        var lasting = await late.MustReserveAsync(late.Reserve("l", 1, TimeSpan.FromMinutes(30)));

        // For the early host the first reservation and the expiring grant are over, and from then on for everybody.
        On(earlyNow);
        Assert.Equal(CreditStatus.Lapsed, (await early.ApplyAsync(CreditCommand.Commit(lapsing))).Status);
        On(lateNow);
        await late.MustRefuseAsync(CreditCommand.Commit(lapsing), CreditStatus.Lapsed);

        // The late host's entries carry the account's time; its windows and deadlines count from that.
        foreach (var (host, id) in new[] { (early, "a"), (late, "b"), (early, "c"), (late, "d") })
        {
            On(host == early ? earlyNow : lateNow);
            Assert.Equal(earlyNow, (await host.MustApplyAsync(host.Spend(id, 1))).At);
        }

        On(lateNow);
        var refused = await late.MustRefuseAsync(late.Spend("e", 1), CreditStatus.RateLimited);
        Assert.Equal(earlyNow + TimeSpan.FromMinutes(1), refused.RetryAt);
        Assert.Equal(CreditStatus.Replayed, (await late.ApplyAsync(Again(late.Spend("b", 1)))).Status);
        await late.MustApplyAsync(CreditCommand.Commit(lasting));
        On(earlyNow);
        await early.AuditAsync();
        Assert.Equal(
            ["g", "h", "k", "l", "lapse:k", "expire:h", "a", "b", "c", "d", "l"],
            (await early.ReadLogAsync()).Select(e => e.OperationId)
        );
        await early.ExpectAsync(6);

        // Hosts that share one store in memory share its clock too.
        void On(DateTimeOffset now) => lateClock.AdjustTime(now);
    }

    [Fact]
    public async Task Hosts_that_sweep_at_once_write_each_lapse_and_expiry_once()
    {
        var due = NeedsInterface<IDueCredits>();
        var two = await CreateSecondStoreAsync(Store, Clock);
        var accounts = Enumerable.Range(0, 40).Select(_ => NewAccount()).ToArray();
        await accounts[0]
            .ApplyAllAsync([
                .. accounts.SelectMany(a =>
                    new[]
                    {
                        a.Grant("g", 5),
                        a.Grant("h", 5, Now + TimeSpan.FromMinutes(5)),
                        a.Reserve("k", 2),
                        a.Reserve("l", 1, TimeSpan.FromMinutes(7)),
                    }
                ),
            ]);
        Clock.Advance(TimeSpan.FromMinutes(10));
        var options = Options.Create(new PayPerUseOptions { Sweep = { BatchSize = 10_000 } });
        await using var ledgerOne = LedgerOver(Store);
        await using var ledgerTwo = LedgerOver(two);
        var (sweepOne, sweepTwo) = (
            new CreditSweep(ledgerOne, options, due),
            new CreditSweep(ledgerTwo, options, (IDueCredits)two)
        );
        var sweeps = new[] { sweepOne, sweepTwo, sweepOne, sweepTwo }.Select(s =>
            Task.Run(() => s.SweepAsync(Token), Token)
        );
        Assert.Contains(await Task.WhenAll(sweeps), swept => swept >= accounts.Length);
        foreach (var account in accounts)
        {
            await account.AuditAsync();
            Assert.Equal(
                ["expire:h", "lapse:k", "lapse:l"],
                (await account.ReadLogAsync())[4..].Select(e => e.OperationId).Order(StringComparer.Ordinal)
            );
        }
    }
}
