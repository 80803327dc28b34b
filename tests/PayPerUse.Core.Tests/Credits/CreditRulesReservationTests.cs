using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>"Reservations" in the design.</summary>
public sealed class CreditRulesReservationTests
{
    private readonly RuledAccount _account = new();

    public CreditRulesReservationTests() => _account.Grant("g", 5);

    [Fact]
    public void A_key_points_to_its_current_reservation_and_after_a_release_to_a_new_one()
    {
        var first = _account.Reserve("k", 2);
        Assert.Equal(CreditStatus.Replayed, _account.StatusOf(Reserve("k", 2)));
        _account.Applied(CreditCommand.Release(first));
        var second = _account.Reserve("k", 2);
        Assert.NotEqual(first.Attempt, second.Attempt);
        Assert.Equal(second.Attempt, _account.Apply(Reserve("k", 2)).Reservation!.Attempt);
    }

    [Fact]
    public void After_a_commit_a_key_stays_with_what_it_bought()
    {
        var reservation = _account.Reserve("k", 2);
        _account.Applied(CreditCommand.Commit(reservation, 0));
        Assert.Equal(CreditStatus.Replayed, _account.StatusOf(Reserve("k", 2)));
        Assert.Equal(CreditStatus.Conflict, _account.StatusOf(Reserve("k", 3)));
    }

    [Fact]
    public void A_key_of_a_reservation_cannot_be_spent_with_not_even_after_its_release()
    {
        var reservation = _account.Reserve("k", 2);
        Assert.Equal(CreditStatus.Conflict, _account.StatusOf(CreditCommand.Spend(_account.Id, "k", 2, "letter")));
        _account.Applied(CreditCommand.Release(reservation));
        Assert.Equal(CreditStatus.Conflict, _account.StatusOf(CreditCommand.Spend(_account.Id, "k", 2, "letter")));
        Assert.Equal(CreditStatus.Conflict, _account.StatusOf(Reserve("k", 1)));
    }

    [Fact]
    public void Commit_and_release_never_act_on_another_attempt()
    {
        var reservation = _account.Reserve("k", 2) with { Attempt = Guid.NewGuid() };
        Assert.Equal(CreditStatus.NotFound, _account.StatusOf(CreditCommand.Commit(reservation)));
        Assert.Equal(CreditStatus.NotFound, _account.StatusOf(CreditCommand.Release(reservation)));
        Assert.Equal(CreditStatus.NotFound, _account.StatusOf(CreditCommand.Renew(reservation)));
        Assert.Equal(2, _account.State.Reserved);
    }

    [Fact]
    public void Commit_and_release_are_idempotent_by_the_reservations_state()
    {
        var committed = _account.Reserve("k", 2);
        var first = _account.Applied(CreditCommand.Commit(committed, 1));
        var released = _account.Reserve("l", 2);
        var second = _account.Applied(CreditCommand.Release(released));
        var before = _account.State;
        Assert.Equal(first.Balance, _account.Applied(CreditCommand.Commit(committed, 1)).Balance);
        Assert.Equal(second.Balance, _account.Applied(CreditCommand.Release(released)).Balance);
        Assert.Equal(CreditStatus.AlreadyCommitted, _account.StatusOf(CreditCommand.Commit(committed, 2)));
        Assert.Equal(CreditStatus.AlreadyCommitted, _account.StatusOf(CreditCommand.Release(committed)));
        Assert.Equal(CreditStatus.AlreadyReleased, _account.StatusOf(CreditCommand.Commit(released)));
        Assert.Same(before, _account.State);
    }

    [Fact]
    public void A_reservation_lasts_ten_minutes_and_lapses_at_its_deadline()
    {
        var reservation = _account.Reserve("k", 2);
        _account.Now += TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1);
        _account.Applied(CreditCommand.Renew(reservation));
        _account.Now += TimeSpan.FromMinutes(10);
        Assert.Equal(5, _account.Balance);
        Assert.Equal(CreditStatus.Lapsed, _account.StatusOf(CreditCommand.Commit(reservation)));
        Assert.Equal(("lapse:k", 2), (_account.Last.OperationId, _account.Last.Credits));
        Assert.Equal(CreditStatus.Lapsed, _account.StatusOf(CreditCommand.Commit(reservation)));
    }

    [Fact]
    public void A_renewal_never_shortens_a_reservation()
    {
        var reservation = _account.Reserve("k", 2, TimeSpan.FromHours(1));
        var before = _account.State;
        var renewed = _account.Applied(CreditCommand.Renew(reservation, TimeSpan.FromSeconds(1)));
        Assert.Equal(RuledAccount.Start + TimeSpan.FromHours(1), renewed.Reservation!.Deadline);
        Assert.Same(before, _account.State);
    }

    [Fact]
    public void Committing_less_takes_in_burn_order_and_returns_the_rest_to_its_grants()
    {
        _account.Grant("soon", 2, TimeSpan.FromDays(1));
        var reservation = _account.Reserve("k", 4);
        _account.Applied(CreditCommand.Commit(reservation, 3));
        Assert.Equal((0, 4), (_account.GrantOf("soon").Free, _account.GrantOf("g").Free));
        Assert.Equal((CreditEntryKind.Commit, 1), (_account.Last.Kind, _account.Last.Credits));
    }

    [Fact]
    public void Committing_more_is_refused()
    {
        var reservation = _account.Reserve("k", 2);
        Assert.Equal(CreditStatus.ExceedsLimit, _account.StatusOf(CreditCommand.Commit(reservation, 3)));
        Assert.Equal(2, _account.State.Reserved);
    }

    [Fact]
    public void Many_reservations_that_fall_due_together_lapse_one_by_one_in_order_of_id()
    {
        foreach (var id in new[] { "c", "a", "b" })
        {
            _account.Reserve(id, 1);
        }

        _account.Now += TimeSpan.FromDays(1);
        _account.Settle();
        Assert.Equal(["lapse:a", "lapse:b", "lapse:c"], _account.Log[^3..].Select(e => e.OperationId));
        Assert.All(_account.Log[^3..], e => Assert.Equal(RuledAccount.Start + TimeSpan.FromMinutes(10), e.At));
    }

    private CreditCommand Reserve(string id, long credits) => CreditCommand.Reserve(_account.Id, id, credits, "letter");
}
