using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>"Taking back" and "Rate window" in the design.</summary>
public sealed class CreditRulesTakingBackTests
{
    private readonly RuledAccount _account = new();

    [Fact]
    public void A_revoke_takes_first_what_is_free_of_its_grant_then_other_grants_in_burn_order_then_makes_debt()
    {
        _account.Grant("last", 2);
        _account.Grant("soon", 2, TimeSpan.FromDays(1));
        _account.Grant("named", 4, TimeSpan.FromDays(2));
        _account.Spend("s", 3);
        var result = _account.Revoke("r", "named", 4);
        Assert.Equal([new GrantChange("named", -3), new GrantChange("last", -1)], _account.Last.Grants);
        Assert.Equal((1, 1, 0), (result.Balance, _account.State.Free, _account.State.Debt));
        _account.Revoke("q", "soon", 2);
        Assert.Equal((-1, 0, 1), (_account.Balance, _account.State.Free, _account.State.Debt));
    }

    [Fact]
    public void Reserved_credits_stay_with_their_reservation()
    {
        _account.Grant("g", 5);
        var reservation = _account.Reserve("k", 5);
        _account.Revoke("r", "g", 5);
        Assert.Equal((5, 5), (_account.State.Reserved, _account.State.Debt));
        _account.Applied(CreditCommand.Commit(reservation));
        Assert.Equal(-5, _account.Balance);
    }

    [Fact]
    public void A_grant_a_release_a_partial_commit_and_a_restore_pay_debt_first()
    {
        _account.Grant("g", 10);
        var (released, committed) = (_account.Reserve("k", 3), _account.Reserve("l", 3));
        _account.Revoke("r", "g", 10);
        Assert.Equal(6, _account.State.Debt);
        _account.Applied(CreditCommand.Release(released));
        Assert.Equal((3, 0), (_account.State.Debt, _account.State.Free));
        _account.Applied(CreditCommand.Commit(committed, 2));
        Assert.Equal((2, 0), (_account.State.Debt, _account.State.Free));
        Assert.Empty(_account.Last.Grants);
        _account.Grant("h", 1);
        Assert.Equal((1, 0), (_account.State.Debt, _account.State.Free));
        _account.Restore("b", "g", 4);
        Assert.Equal((0, 3), (_account.State.Debt, _account.State.Free));
        Assert.Equal([new GrantChange("g", 3)], _account.Last.Grants);
    }

    [Fact]
    public void A_lapse_pays_debt_first_too()
    {
        _account.Grant("g", 5);
        _account.Reserve("k", 2);
        _account.Revoke("r", "g", 4);
        _account.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(1, _account.Balance);
        _account.Settle();
        Assert.Equal((1, 0), (_account.State.Free, _account.State.Debt));
    }

    [Fact]
    public void No_more_is_revoked_than_was_granted_nor_restored_than_was_revoked()
    {
        _account.Grant("g", 5);
        _account.Revoke("r", "g", 3);
        Assert.Equal(CreditStatus.ExceedsLimit, _account.StatusOf(Revoke("q", 3)));
        _account.Restore("b", "g", 2);
        Assert.Equal(CreditStatus.ExceedsLimit, _account.StatusOf(Restore("c", 2)));
        _account.Revoke("q", "g", 4);
        Assert.Equal(0, _account.Balance);
    }

    [Fact]
    public void A_restore_is_an_entry_that_keeps_the_grant_and_its_expiry()
    {
        _account.Grant("g", 5, TimeSpan.FromDays(1));
        _account.Revoke("r", "g", 5);
        _account.Restore("b", "g", 5);
        Assert.Equal(
            (CreditEntryKind.Restore, "g", 5),
            (_account.Last.Kind, _account.Last.Target, _account.Last.Credits)
        );
        Assert.Equal(RuledAccount.Start + TimeSpan.FromDays(1), _account.GrantOf("g").UsableUntil);
        Assert.Equal((5, 0), (_account.GrantOf("g").Free, _account.GrantOf("g").Revoked));
    }

    [Fact]
    public void A_revoke_of_an_expired_grant_takes_from_others()
    {
        _account.Grant("g", 5, TimeSpan.FromDays(1));
        _account.Grant("h", 2);
        _account.Now += TimeSpan.FromDays(1);
        _account.Revoke("r", "g", 5);
        Assert.Equal(-3, _account.Balance);
    }

    [Fact]
    public void A_rate_window_is_fixed_and_counts_applied_spends_and_reserves_released_ones_too()
    {
        var account = new RuledAccount(new CreditPolicy { RateLimit = new(2, TimeSpan.FromMinutes(1)) });
        account.Grant("g", 10);
        account.Now += TimeSpan.FromSeconds(7);
        account.Applied(CreditCommand.Release(account.Reserve("k", 1)));
        account.Now += TimeSpan.FromSeconds(30);
        account.Spend("s", 1);
        var refused = account.Apply(CreditCommand.Spend(account.Id, "t", 1, "letter"));
        Assert.Equal((CreditStatus.RateLimited, RuledAccount.Start.AddSeconds(67)), (refused.Status, refused.RetryAt));
        account.Grant("h", 1);
        account.Revoke("r", "h", 1);
        account.Now = RuledAccount.Start.AddSeconds(67);
        account.Spend("t", 1);
        account.Spend("u", 1);
        Assert.Equal(CreditStatus.RateLimited, account.StatusOf(CreditCommand.Spend(account.Id, "v", 1, "letter")));
    }

    [Fact]
    public void A_rate_window_does_not_reopen_when_a_clock_goes_back()
    {
        var account = new RuledAccount(new CreditPolicy { RateLimit = new(1, TimeSpan.FromMinutes(1)) });
        account.Grant("g", 10);
        account.Spend("s", 1);
        account.Now -= TimeSpan.FromHours(1);
        Assert.Equal(CreditStatus.RateLimited, account.StatusOf(CreditCommand.Spend(account.Id, "t", 1, "letter")));
    }

    private CreditCommand Revoke(string id, long credits) =>
        CreditCommand.Revoke(_account.Id, id, "g", credits, "refund");

    private CreditCommand Restore(string id, long credits) =>
        CreditCommand.Restore(_account.Id, id, "g", credits, "refund-failed");

    [Fact]
    public void What_64_bits_cannot_hold_is_never_wrapped_into_something_else()
    {
        var grant = new CreditGrant
        {
            Id = "g",
            Source = "five",
            Credits = 5,
            Free = 5,
            GrantedAt = RuledAccount.Start,
        };
        var account = CreditAccount.Empty(_account.Id) with { Grants = [grant] };
        Throws(account with { Free = long.MaxValue - 4 }, CreditCommand.Grant(account.Id, "h", 5, "five"));
        Throws(
            account with
            {
                Free = 5,
                Reserved = long.MaxValue - 4,
            },
            CreditCommand.Reserve(account.Id, "k", 5, "letter")
        );
        Throws(
            account with
            {
                Debt = long.MaxValue - 4,
                Grants = [grant with { Free = 0 }],
            },
            CreditCommand.Revoke(account.Id, "r", "g", 5, "refund")
        );

        static void Throws(CreditAccount account, CreditCommand command) =>
            Assert.Throws<OverflowException>(() =>
                CreditRules.Apply(account, command, null, RuledAccount.Start, CreditPolicy.Default)
            );
    }
}
