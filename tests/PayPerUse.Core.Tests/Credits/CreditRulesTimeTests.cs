using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>"Time" and "Burn order" in the design.</summary>
public sealed class CreditRulesTimeTests
{
    private readonly RuledAccount _account = new();

    [Fact]
    public void Now_is_the_later_of_the_hosts_clock_and_the_accounts_last_time()
    {
        _account.Now += TimeSpan.FromHours(1);
        _account.Grant("g", 5, TimeSpan.FromHours(2));
        _account.Now -= TimeSpan.FromHours(3);
        Assert.Equal(RuledAccount.Start + TimeSpan.FromHours(1), _account.Spend("s", 1).At);
        Assert.Equal(RuledAccount.Start + TimeSpan.FromHours(1), _account.State.LastTime);
    }

    [Fact]
    public void A_renewal_moves_the_accounts_last_time_too()
    {
        _account.Grant("g", 5);
        var reservation = _account.Reserve("k", 1);
        _account.Now += TimeSpan.FromMinutes(5);
        _account.Applied(CreditCommand.Renew(reservation));
        _account.Now -= TimeSpan.FromMinutes(5);
        Assert.Equal(RuledAccount.Start + TimeSpan.FromMinutes(5), _account.Spend("s", 1).At);
    }

    [Fact]
    public void What_is_due_is_performed_first_in_time_order_as_entries_of_their_own()
    {
        _account.Grant("first", 1, TimeSpan.FromMinutes(5));
        _account.Grant("third", 2, TimeSpan.FromMinutes(15));
        _account.Reserve("k", 2);
        _account.Now += TimeSpan.FromHours(1);
        _account.Grant("later", 1);
        Assert.Equal(
            [
                ("lapse:k", 2L, TimeSpan.FromMinutes(10)),
                ("expire:third", -2L, TimeSpan.FromMinutes(15)),
                ("later", 1L, TimeSpan.FromHours(1)),
            ],
            _account.Log[3..].Select(e => (e.OperationId, e.Credits, e.At - RuledAccount.Start))
        );
    }

    [Fact]
    public void Readers_see_the_balance_with_due_things_already_gone()
    {
        _account.Grant("g", 3, TimeSpan.FromMinutes(15));
        _account.Reserve("k", 1);
        var policy = CreditPolicy.Default;
        var read = CreditBalance.Of(_account.State, RuledAccount.Start + TimeSpan.FromMinutes(9), policy);
        Assert.Equal((2, 1), (read.Balance, read.Reserved));
        Assert.Equal(RuledAccount.Start + TimeSpan.FromMinutes(10), read.NextDue);
        read = CreditBalance.Of(_account.State, RuledAccount.Start + TimeSpan.FromMinutes(10), policy);
        Assert.Equal((3, 0), (read.Balance, read.Reserved));
        Assert.Equal(RuledAccount.Start + TimeSpan.FromMinutes(15), read.NextDue);
        read = CreditBalance.Of(_account.State, RuledAccount.Start + TimeSpan.FromMinutes(15), policy);
        Assert.Equal(new CreditBalance(0, 0, null, _account.State.Version), read);
    }

    [Fact]
    public void A_grant_that_has_already_expired_is_gone_at_once()
    {
        var result = _account.Grant("g", 3, TimeSpan.Zero);
        Assert.Equal(CreditStatus.Applied, result.Status);
        Assert.Equal(["g", "expire:g"], _account.Log.Select(e => e.OperationId));
        Assert.Equal(0, _account.Balance);
    }

    [Fact]
    public void Grants_do_not_expire_unless_a_pack_says_so()
    {
        _account.Grant("g", 3);
        _account.Now += TimeSpan.FromDays(100_000);
        Assert.Equal(3, _account.Balance);
    }

    [Fact]
    public void The_grant_that_expires_first_burns_first_then_the_older_then_the_smaller_id()
    {
        _account.Grant("d", 1);
        _account.Grant("B", 1);
        _account.Grant("c", 1, TimeSpan.FromDays(2));
        _account.Grant("a", 1, TimeSpan.FromDays(1));
        _account.Now += TimeSpan.FromHours(1);
        _account.Grant("A", 1);
        _account.Spend("s", 5);
        Assert.Equal(["a", "c", "B", "d", "A"], _account.Last.Grants.Select(g => g.GrantId));
    }

    [Fact]
    public void Returned_credits_go_back_to_their_grants()
    {
        _account.Grant("g", 2);
        _account.Grant("h", 2);
        var reservation = _account.Reserve("k", 3);
        _account.Applied(CreditCommand.Release(reservation));
        Assert.Equal((2, 2), (_account.GrantOf("g").Free, _account.GrantOf("h").Free));
        Assert.Equal([new GrantChange("g", 2), new GrantChange("h", 1)], _account.Last.Grants);
    }

    [Fact]
    public void What_returns_to_an_expired_grant_stays_usable_until_its_expiry_plus_seven_days_once()
    {
        var kept = ReturnToExpiredGrant();
        Assert.Equal(1, _account.Balance);
        Assert.Equal(RuledAccount.Start + TimeSpan.FromMinutes(5), _account.GrantOf("g").ExpiresAt);
        Assert.Equal(
            RuledAccount.Start + TimeSpan.FromDays(7) + TimeSpan.FromMinutes(5),
            _account.GrantOf("g").UsableUntil
        );

        _account.Applied(CreditCommand.Renew(kept, TimeSpan.FromDays(7)));
        _account.Now = RuledAccount.Start + TimeSpan.FromDays(7) + TimeSpan.FromMinutes(6);
        _account.Applied(CreditCommand.Release(kept));
        Assert.Equal(0, _account.Balance);
        Assert.Equal(["expire:g", "l", "expire:g"], _account.Log[^3..].Select(e => e.OperationId));
    }

    [Fact]
    public void A_grant_that_had_its_grace_gets_no_other_when_the_option_grows()
    {
        var kept = ReturnToExpiredGrant();
        _account.Applied(CreditCommand.Renew(kept, TimeSpan.FromDays(7)));
        _account.Policy = _account.Policy with { ReturnGrace = TimeSpan.FromDays(30) };
        _account.Now = RuledAccount.Start + TimeSpan.FromDays(7) + TimeSpan.FromMinutes(6);
        _account.Applied(CreditCommand.Release(kept));
        Assert.Equal(0, _account.Balance);
    }

    [Fact]
    public void A_reservation_that_lapses_as_its_grant_expires_does_not_keep_the_rest_of_the_grant_alive()
    {
        _account.Grant("g", 5, TimeSpan.FromMinutes(10));
        _account.Reserve("k", 2);
        _account.Now += TimeSpan.FromMinutes(10);
        _account.Settle();
        Assert.Equal(["expire:g", "lapse:k"], _account.Log[^2..].Select(e => e.OperationId));
        Assert.Equal(2, _account.Balance);
    }

    [Fact]
    public void Instants_are_utc_milliseconds()
    {
        _account.Now = new DateTimeOffset(2026, 12, 5, 20, 0, 0, TimeSpan.FromHours(1)).AddTicks(12_349);
        var at = _account.Grant("g", 1).At;
        Assert.Equal(new DateTimeOffset(2026, 12, 5, 19, 0, 0, 1, TimeSpan.Zero), at);
        Assert.Equal(TimeSpan.Zero, at!.Value.Offset);
    }

    [Fact]
    public void A_grant_may_last_until_the_end_of_time()
    {
        _account.Applied(CreditCommand.Grant(_account.Id, "g", 5, "five", DateTimeOffset.MaxValue));
        _account.Applied(CreditCommand.Release(_account.Reserve("k", 2)));
        Assert.Equal(5, _account.Balance);
    }

    /// <summary>A grant expires while two of its credits are reserved, and one of them comes back; the other reservation stays.</summary>
    private ReservationId ReturnToExpiredGrant()
    {
        _account.Grant("g", 3, TimeSpan.FromMinutes(5));
        _account.Reserve("k", 1);
        var kept = _account.Reserve("l", 1, TimeSpan.FromDays(7));
        _account.Now += TimeSpan.FromMinutes(10);
        _account.Settle();
        return kept;
    }
}
