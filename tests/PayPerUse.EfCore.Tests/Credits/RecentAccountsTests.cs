using System.Collections.Immutable;
using PayPerUse.Credits;
using PayPerUse.EfCore.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

public sealed class RecentAccountsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-12-01T12:00:00Z", null);
    private static readonly AccountId Anna = new("anna");

    private readonly PostgresRecentAccounts _recent = new();

    [Fact]
    public void What_was_saved_last_is_saved_again_without_reading()
    {
        Put();
        Assert.NotNull(
            Take(CreditCommand.Spend(Anna, "s", 1, "letter"), CreditCommand.Reserve(Anna, "r", 1, "letter"))
        );
    }

    [Fact]
    public void Who_takes_an_account_has_it_alone()
    {
        Put();
        Assert.NotNull(_recent.Take(Anna, Now));
        Assert.Null(_recent.Take(Anna, Now));
    }

    [Fact]
    public void A_refusal_is_left_to_the_lock_and_so_is_what_saves_nothing()
    {
        Put();
        Assert.Null(Take(CreditCommand.Spend(Anna, "s", 1, "letter"), CreditCommand.Spend(Anna, "t", 10, "letter")));
        Put();
        Assert.Null(Take(CreditCommand.Settle(Anna)));
    }

    [Fact]
    public void Grants_and_what_was_taken_back_and_strange_reservations_are_left_to_the_lock()
    {
        CreditCommand[] commands =
        [
            CreditCommand.Grant(Anna, "h", 1, "five"),
            CreditCommand.Revoke(Anna, "r", "g", 1, "refund"),
            CreditCommand.Restore(Anna, "r", "g", 1, "refund-failed"),
            CreditCommand.Commit(new ReservationId(Anna, "elsewhere", Guid.NewGuid())),
        ];
        foreach (var command in commands)
        {
            Put();
            Assert.Null(Take(command));
        }
    }

    [Fact]
    public void An_account_is_not_used_once_a_reservation_falls_due_that_was_not_read_with_it()
    {
        Put(missingDueAt: Now + TimeSpan.FromSeconds(10));
        Assert.NotNull(_recent.Take(Anna, Now + TimeSpan.FromSeconds(9)));
        Put(missingDueAt: Now + TimeSpan.FromSeconds(10));
        Assert.Null(_recent.Take(Anna, Now + TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void An_account_is_not_used_for_longer_than_a_minute()
    {
        Put();
        Assert.Null(_recent.Take(Anna, Now + PostgresRecentAccounts.MaxAge));
    }

    [Fact]
    public void Where_hosts_share_accounts_saving_without_reading_rests_longer_and_longer()
    {
        _recent.NoteStale(Now);
        Put();
        Assert.Null(_recent.Take(Anna, Now + TimeSpan.FromMilliseconds(99)));
        Put();
        Assert.NotNull(_recent.Take(Anna, Now + TimeSpan.FromMilliseconds(100)));
        _recent.NoteStale(Now);
        Put();
        Assert.Null(_recent.Take(Anna, Now + TimeSpan.FromMilliseconds(199)));
        for (var i = 0; i < 20; i++)
        {
            _recent.NoteStale(Now);
        }

        Put();
        Assert.NotNull(_recent.Take(Anna, Now + TimeSpan.FromSeconds(10)));
        _recent.NoteFresh();
        _recent.NoteStale(Now);
        Put();
        Assert.NotNull(_recent.Take(Anna, Now + TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void What_was_taken_before_everything_was_forgotten_is_not_put_back_after_it()
    {
        Put();
        var epoch = _recent.Epoch;
        var taken = _recent.Take(Anna, Now)!.Value;
        _recent.Clear();
        _recent.Put(taken, Now, epoch);
        Assert.Null(_recent.Take(Anna, Now));
        Put();
        Assert.NotNull(_recent.Take(Anna, Now));
    }

    [Fact]
    public void What_has_ended_is_not_kept()
    {
        var account = Account() with
        {
            Grants = [Grant("g", 5), Grant("gone", 0)],
            Reservations = Account()
                .Reservations.Add("open", Reservation("open", ReservationState.Open))
                .Add("ended", Reservation("ended", ReservationState.Committed)),
        };
        _recent.Put(new SeenCreditAccount(account, DateTimeOffset.MaxValue), Now, _recent.Epoch);
        var kept = _recent.Take(Anna, Now)!.Value.Account;
        Assert.Equal(["g"], kept.Grants.Select(g => g.Id));
        Assert.Equal(["open"], kept.Reservations.Keys);
    }

    [Fact]
    public void However_many_accounts_there_are_a_bounded_number_is_kept_and_the_latest_are_among_them()
    {
        var recent = new RecentAccounts<int>();
        const int Many = 5 * RecentAccounts<int>.GenerationSize;
        for (var i = 0; i < Many; i++)
        {
            recent.Put(new AccountId("a" + i), i);
        }

        var kept = Enumerable.Range(0, Many).Where(i => recent.TryTake(new AccountId("a" + i), out _)).ToList();
        Assert.InRange(kept.Count, RecentAccounts<int>.GenerationSize, 2 * RecentAccounts<int>.GenerationSize);
        Assert.Equal(Enumerable.Range(Many - kept.Count, kept.Count), kept);
    }

    private static CreditAccount Account() =>
        CreditAccount.Empty(Anna) with
        {
            Free = 5,
            Sequence = 1,
            Version = 1,
            Grants = [Grant("g", 5)],
        };

    private static CreditGrant Grant(string id, long free) =>
        new()
        {
            Id = id,
            Source = "five",
            Credits = 5,
            Free = free,
            GrantedAt = Now,
        };

    private static CreditReservation Reservation(string id, ReservationState state) =>
        new()
        {
            Id = id,
            Attempt = Guid.NewGuid(),
            Action = "letter",
            Credits = 1,
            State = state,
            ReservedAt = Now,
            Deadline = Now,
            BalanceAfter = 0,
            Burns = ImmutableArray<GrantChange>.Empty,
        };

    private void Put(DateTimeOffset? missingDueAt = null) =>
        _recent.Put(new SeenCreditAccount(Account(), missingDueAt ?? DateTimeOffset.MaxValue), Now, _recent.Epoch);

    private PostgresSeenBatch? Take(params CreditCommand[] commands) =>
        PostgresSeenBatch.Take(new CreditBatch(commands), _recent, Now);
}
