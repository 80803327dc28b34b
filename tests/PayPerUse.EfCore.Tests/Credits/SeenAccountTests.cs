using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>What a host saved last it saves again without reading it. Two hosts must never notice.</summary>
public abstract class SeenAccountTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-12-01T12:00:00Z", null));

    /// <summary>Two hosts on one new database.</summary>
    internal abstract Task<(EfHost One, EfHost Other)> OpenAsync(TimeProvider clock);

    [Fact]
    public async Task What_another_host_changed_since_is_neither_lost_nor_spent_again()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(9 - (2 * i), (await here.MustApplyAsync(here.Spend("here" + i, 1))).Balance);
            Assert.Equal(8 - (2 * i), (await there.MustApplyAsync(there.Spend("there" + i, 1))).Balance);
        }

        await here.MustRefuseAsync(here.Spend("late", 1), CreditStatus.InsufficientCredits);
    }

    [Fact]
    public async Task A_refusal_is_looked_up_before_it_is_answered()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 1));
        await here.MustApplyAsync(here.Spend("s", 1));
        await there.MustApplyAsync(there.Grant("h", 5));
        Assert.Equal(3, (await here.MustApplyAsync(here.Spend("t", 2))).Balance);
    }

    [Fact]
    public async Task A_known_id_gets_its_first_result_and_never_another()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        var first = here.Spend("s", 3);
        await here.MustApplyAsync(first);
        await here.MustApplyAsync(here.Spend("t", 1));
        Assert.Equal((CreditStatus.Applied, 7), Of(await here.ApplyAsync(first)));
        Assert.Equal((CreditStatus.Replayed, 7), Of(await here.ApplyAsync(here.Spend("s", 3))));
        Assert.Equal(CreditStatus.Conflict, (await here.ApplyAsync(here.Spend("s", 2))).Status);
        Assert.Equal(CreditStatus.Conflict, (await here.ApplyAsync(here.Reserve("s", 3))).Status);
        Assert.Equal((CreditStatus.Replayed, 7), Of(await there.ApplyAsync(there.Spend("s", 3))));
        await here.ExpectAsync(6);
    }

    [Fact]
    public async Task The_id_of_a_reservation_is_not_spent_whether_it_is_open_or_ended_here_or_elsewhere()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        var open = await here.MustReserveAsync(here.Reserve("open", 1));
        var ended = await here.MustReserveAsync(here.Reserve("ended", 1));
        await here.MustApplyAsync(CreditCommand.Release(ended));
        await there.MustReserveAsync(there.Reserve("there", 1));
        await there.MustApplyAsync(CreditCommand.Release(await there.MustReserveAsync(there.Reserve("elsewhere", 1))));
        await here.MustApplyAsync(here.Spend("s", 1));
        foreach (var id in new[] { "open", "ended", "there", "elsewhere" })
        {
            // Once another host has changed an account, saving without reading rests for a while.
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(CreditStatus.Conflict, (await here.ApplyAsync(here.Spend(id, 1))).Status);
        }

        await here.MustApplyAsync(CreditCommand.Commit(open));
        await here.ExpectAsync(7, reserved: 1);
    }

    [Fact]
    public async Task An_id_that_outlived_its_log_entry_is_neither_spent_nor_reserved()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, _) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        await here.MustApplyAsync(here.Revoke("r", "g", 1));
        _clock.Advance(TimeSpan.FromDays(100));
        await hosts.TrimAsync(_clock.GetUtcNow());
        foreach (var id in new[] { "g", "r" })
        {
            await here.ApplyAllAsync(here.Spend("before-" + id, 1));
            Assert.Equal(CreditStatus.Conflict, (await here.ApplyAllAsync(here.Spend(id, 1)))[0].Status);
            await here.ApplyAllAsync(here.Spend("between-" + id, 1));
            Assert.Equal(CreditStatus.Conflict, (await here.ApplyAllAsync(here.Reserve(id, 1)))[0].Status);
        }

        await here.ExpectAsync(5);
    }

    [Fact]
    public async Task A_reservation_made_here_is_committed_here_unless_another_host_ended_it()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        var mine = await here.MustReserveAsync(here.Reserve("mine", 2));
        await here.MustApplyAsync(CreditCommand.Renew(mine, TimeSpan.FromHours(1)));
        Assert.Equal(9, (await here.MustApplyAsync(CreditCommand.Commit(mine, 1))).Balance);
        var gone = await here.MustReserveAsync(here.Reserve("gone", 2));
        await there.MustApplyAsync(CreditCommand.Release(gone));
        var renewal = CreditCommand.Renew(gone, TimeSpan.FromHours(1));
        Assert.Equal(CreditStatus.AlreadyReleased, (await here.ApplyAsync(renewal)).Status);
        Assert.Equal(CreditStatus.AlreadyReleased, (await here.ApplyAsync(CreditCommand.Commit(gone))).Status);
        await here.ExpectAsync(9);
    }

    [Fact]
    public async Task What_would_change_nothing_is_looked_up_before_it_is_answered()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        var (neighbour, _) = hosts.NewAccount();
        await here.ApplyAllAsync(here.Grant("g", 10), neighbour.Grant("g", 10));
        var gone = await here.MustReserveAsync(here.Reserve("gone", 2));
        await there.MustApplyAsync(CreditCommand.Release(gone));
        var results = await here.ApplyAllAsync(neighbour.Spend("s", 1), CreditCommand.Renew(gone));
        Assert.Equal([CreditStatus.Applied, CreditStatus.AlreadyReleased], results.Select(r => r.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_host_wrote_and_retention_folded_since_is_not_overwritten(bool hasNeighbour)
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        var (neighbour, _) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 10));
        await here.MustApplyAsync(here.Spend("s", 1));
        await there.MustApplyAsync(there.Spend("t", 2));
        await hosts.TrimAsync(_clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        await neighbour.MustApplyAsync(neighbour.Grant("g", 10));
        CreditCommand[] spends = hasNeighbour ? [here.Spend("u", 3), neighbour.Spend("u", 3)] : [here.Spend("u", 3)];
        var results = await here.ApplyAllAsync(spends);
        Assert.All(results, r => Assert.Equal(CreditStatus.Applied, r.Status));
        Assert.Equal(4, results[0].Balance);
        await here.AuditAsync();
        await neighbour.AuditAsync();
    }

    [Fact]
    public async Task What_falls_due_meanwhile_is_performed()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("soon", 5, _clock.GetUtcNow() + TimeSpan.FromSeconds(30)));
        await here.MustApplyAsync(here.Grant("later", 5));
        var lapsing = await here.MustReserveAsync(here.Reserve("lapsing", 1, TimeSpan.FromSeconds(10)));
        await here.MustApplyAsync(here.Spend("s", 1));
        await there.MustReserveAsync(there.Reserve("there", 1, TimeSpan.FromSeconds(20)));
        await here.MustApplyAsync(here.Spend("t", 1));
        _clock.Advance(TimeSpan.FromSeconds(40));

        // Of the five that expired one is spent here, one there; three come back too late or were never touched.
        Assert.Equal(4, (await here.MustApplyAsync(here.Spend("u", 1))).Balance);
        Assert.Equal(CreditStatus.Lapsed, (await here.ApplyAsync(CreditCommand.Commit(lapsing))).Status);
        await here.ExpectAsync(4);
    }

    [Fact]
    public async Task What_falls_due_meanwhile_is_performed_however_many_reservations_are_open()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (here, there) = hosts.NewAccount();
        await here.MustApplyAsync(here.Grant("g", 500));
        await there.ApplyAllAsync([.. Reserves("soon", 100, TimeSpan.FromSeconds(10))]);
        await there.ApplyAllAsync([.. Reserves("later", 20, TimeSpan.FromSeconds(20))]);
        foreach (var id in new[] { "read", "seen" })
        {
            await here.MustApplyAsync(here.Spend(id, 1));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _clock.Advance(TimeSpan.FromSeconds(28));
        await here.MustApplyAsync(here.Spend("after", 1));
        var log = (await here.ReadLogAsync()).ConvertAll(e => e.OperationId);
        Assert.Equal(120, log.FindAll(id => id.StartsWith("lapse:", StringComparison.Ordinal)).Count);
        Assert.Equal("after", log[^1]);
        await here.ExpectAsync(497);

        IEnumerable<CreditCommand> Reserves(string name, int count, TimeSpan time) =>
            Enumerable.Range(0, count).Select(i => there.Reserve(name + i, 1, time));
    }

    [Fact]
    public async Task In_one_batch_seen_and_stale_and_new_accounts_each_get_their_own_results()
    {
        await using var hosts = await Hosts.OpenAsync(this);
        var (seen, _) = hosts.NewAccount();
        var (stale, staleThere) = hosts.NewAccount();
        var (unseen, unseenThere) = hosts.NewAccount();
        var (empty, _) = hosts.NewAccount();
        await seen.MustApplyAsync(seen.Grant("g", 5));
        await stale.MustApplyAsync(stale.Grant("g", 5));
        await unseenThere.MustApplyAsync(unseenThere.Grant("g", 5));
        await staleThere.MustApplyAsync(staleThere.Spend("there", 4));
        for (var round = 0; round < 2; round++)
        {
            var results = await seen.ApplyAllAsync(
                seen.Spend("a" + round, 1),
                stale.Spend("b" + round, 2),
                unseen.Spend("c" + round, 1),
                empty.Spend("d" + round, 1),
                seen.Spend("e" + round, 1),
                unseen.Spend("c" + round, 1)
            );
            Assert.Equal(
                [
                    (CreditStatus.Applied, 4 - (2 * round)),
                    (CreditStatus.InsufficientCredits, 1),
                    (CreditStatus.Applied, 4 - round),
                    (CreditStatus.InsufficientCredits, 0),
                    (CreditStatus.Applied, 3 - (2 * round)),
                    (CreditStatus.Replayed, 4 - round),
                ],
                results.Select(Of)
            );
        }

        foreach (var account in new[] { seen, stale, unseen })
        {
            await account.AuditAsync();
        }
    }

    private static (CreditStatus Status, long Balance) Of(CreditResult result) => (result.Status, result.Balance);

    private sealed class Hosts(EfHost one, EfHost other) : IAsyncDisposable
    {
        public static async Task<Hosts> OpenAsync(SeenAccountTests tests)
        {
            var (one, other) = await tests.OpenAsync(tests._clock);
            return new Hosts(one, other);
        }

        /// <summary>One account, by way of each host.</summary>
        public (AccountUnderTest Here, AccountUnderTest There) NewAccount()
        {
            var here = new AccountUnderTest(one.Credits);
            return (here, new AccountUnderTest(other.Credits, id: here.Id));
        }

        public Task<CreditTrim> TrimAsync(DateTimeOffset before) =>
            ((ICreditRetention)one.Credits).TrimAsync(new CreditTrimOrder(before), AccountUnderTest.Token);

        public async ValueTask DisposeAsync()
        {
            await one.DisposeAsync();
            await other.DisposeAsync();
        }
    }
}

public sealed class PostgresSeenAccountTests(PostgresDatabase database)
    : SeenAccountTests,
        IClassFixture<PostgresDatabase>
{
    internal override async Task<(EfHost One, EfHost Other)> OpenAsync(TimeProvider clock)
    {
        var connectionString = await database.CreateAnotherAsync();
        return (EfHost.OnPostgres(connectionString, clock), EfHost.OnPostgres(connectionString, clock));
    }
}

public sealed class SqliteSeenAccountTests : SeenAccountTests, IAsyncDisposable
{
    private readonly string _file = EfHost.NewSqliteFile();

    internal override async Task<(EfHost One, EfHost Other)> OpenAsync(TimeProvider clock)
    {
        var one = EfHost.OnSqlite(_file, clock);
        await one.CreateTablesAsync();
        return (one, EfHost.OnSqlite(_file, clock));
    }

    public ValueTask DisposeAsync()
    {
        EfHost.Delete(_file);
        return ValueTask.CompletedTask;
    }
}
