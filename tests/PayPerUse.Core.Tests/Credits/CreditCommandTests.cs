using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class CreditCommandTests
{
    private static readonly AccountId Anna = new("anna");
    private static readonly ReservationId Reservation = new(Anna, "k", Guid.NewGuid());

    [Fact]
    public void Credits_are_whole_numbers_from_one_to_a_thousand_million()
    {
        foreach (
            var make in (Func<long, CreditCommand>[])
                [
                    c => CreditCommand.Grant(Anna, "id", c, "five"),
                    c => CreditCommand.Spend(Anna, "id", c, "letter"),
                    c => CreditCommand.Reserve(Anna, "id", c, "letter"),
                    c => CreditCommand.Revoke(Anna, "id", "g", c, "refund"),
                    c => CreditCommand.Restore(Anna, "id", "g", c, "refund-failed"),
                ]
        )
        {
            Assert.Null(make(1).Validate());
            Assert.Null(make(1_000_000_000).Validate());
            Refused("credits", make(0));
            Refused("credits", make(-1));
            Refused("credits", make(1_000_000_001));
            Refused("credits", make(long.MinValue));
        }
    }

    [Fact]
    public void A_commit_may_take_nothing_but_never_less()
    {
        Assert.Null(CreditCommand.Commit(Reservation).Validate());
        Assert.Null(CreditCommand.Commit(Reservation, 0).Validate());
        Refused("credits", CreditCommand.Commit(Reservation, -1));
        Refused("credits", CreditCommand.Commit(Reservation, 1_000_000_001));
    }

    [Fact]
    public void An_id_has_1_to_160_visible_characters()
    {
        Assert.Null(CreditCommand.Spend(Anna, new string('x', 160), 1, "letter").Validate());
        foreach (var id in new[] { "", new string('x', 161), "a b", "a\0", "\ud800", null! })
        {
            Refused("id", CreditCommand.Grant(Anna, id, 1, "five"));
            Refused("id", CreditCommand.Spend(Anna, id, 1, "letter"));
            Refused("id", CreditCommand.Reserve(Anna, id, 1, "letter"));
            Refused("id", CreditCommand.Revoke(Anna, id, "g", 1, "refund"));
            Refused("id", CreditCommand.Restore(Anna, id, "g", 1, "refund-failed"));
            Refused("id", CreditCommand.Commit(Reservation with { Id = id }));
            Refused("id", CreditCommand.Release(Reservation with { Id = id }));
            Refused("id", CreditCommand.Renew(Reservation with { Id = id }));
            Refused("grantId", CreditCommand.Revoke(Anna, "r", id, 1, "refund"));
            Refused("grantId", CreditCommand.Restore(Anna, "r", id, 1, "refund-failed"));
        }
    }

    [Fact]
    public void An_action_has_1_to_64_visible_characters()
    {
        Assert.Null(CreditCommand.Spend(Anna, "s", 1, new string('x', 64)).Validate());
        foreach (var action in new[] { "", new string('x', 65), "a\n", "\udc00", null! })
        {
            Refused("action", CreditCommand.Spend(Anna, "s", 1, action));
            Refused("action", CreditCommand.Reserve(Anna, "s", 1, action));
            Refused("action", CreditCommand.Grant(Anna, "s", 1, action));
            Refused("action", CreditCommand.Revoke(Anna, "s", "g", 1, action));
        }
    }

    [Fact]
    public void A_reservation_is_kept_from_a_second_to_seven_days()
    {
        Assert.Null(CreditCommand.Reserve(Anna, "k", 1, "letter", TimeSpan.FromSeconds(1)).Validate());
        Assert.Null(CreditCommand.Renew(Reservation, TimeSpan.FromDays(7)).Validate());
        Refused("time", CreditCommand.Reserve(Anna, "k", 1, "letter", TimeSpan.FromMilliseconds(999)));
        Refused("time", CreditCommand.Renew(Reservation, TimeSpan.FromDays(7) + TimeSpan.FromTicks(1)));
        Refused("time", CreditCommand.Renew(Reservation, TimeSpan.MaxValue));
    }

    [Fact]
    public void Each_submission_has_an_attempt_of_its_own()
    {
        var (one, two) = (CreditCommand.Spend(Anna, "s", 1, "a"), CreditCommand.Spend(Anna, "s", 1, "a"));
        Assert.NotEqual(one.Attempt, two.Attempt);
        Refused("attempt", one with { Attempt = Guid.Empty });
        Assert.Equal(Reservation.Attempt, CreditCommand.Commit(Reservation).Attempt);
    }

    [Fact]
    public void A_bad_command_in_a_batch_is_refused_and_poisons_nothing()
    {
        var batch = new CreditBatch([
            CreditCommand.Grant(Anna, "g", 5, "five"),
            CreditCommand.Spend(Anna, null!, 1, "letter"),
            CreditCommand.Revoke(Anna, "r", null!, 1, "refund"),
            CreditCommand.Spend(default, "s", 1, "letter"),
            CreditCommand.Spend(Anna, "s", 1, "letter"),
        ]);
        Assert.All(batch.Names, n => Assert.NotNull(n.Id));
        var changes = batch.Apply([], RuledAccount.Start);
        Assert.Equal(
            [
                CreditStatus.Applied,
                CreditStatus.Invalid,
                CreditStatus.Invalid,
                CreditStatus.Invalid,
                CreditStatus.Applied,
            ],
            changes.Results.Select(r => r.Status)
        );
        Assert.Equal(4, Assert.Single(changes.Accounts).After.Free);
        Assert.Equal([Anna], batch.Accounts);
    }

    private static void Refused(string field, CreditCommand command) =>
        Assert.StartsWith(field + ":", command.Validate(), StringComparison.Ordinal);
}
