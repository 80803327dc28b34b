using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>"Commands" in the design: what is remembered, fingerprints, attempts, the order of checks.</summary>
public sealed class CreditRulesCommandTests
{
    private static readonly CreditPolicy OneAMinute = new() { RateLimit = new(1, TimeSpan.FromMinutes(1)) };

    [Fact]
    public void A_missing_account_is_simply_empty()
    {
        var account = new RuledAccount();
        var empty = account.State;
        Assert.Equal(CreditStatus.InsufficientCredits, account.StatusOf(Spend(account, "s", 1)));
        account.Settle();
        Assert.Same(empty, account.State);
    }

    [Fact]
    public void Refusals_write_nothing()
    {
        var account = new RuledAccount(OneAMinute);
        account.Grant("g", 5);
        account.Spend("s", 1);
        var before = account.State;
        CreditCommand[] refused =
        [
            Spend(account, "t", 1),
            Spend(account, "s", 2),
            Spend(account, "u", 0),
            CreditCommand.Revoke(account.Id, "r", "nothing", 1, "refund"),
            CreditCommand.Revoke(account.Id, "r", "g", 6, "refund"),
            CreditCommand.Release(new ReservationId(account.Id, "k", Guid.NewGuid())),
        ];
        Assert.Equal(
            [
                CreditStatus.RateLimited,
                CreditStatus.Conflict,
                CreditStatus.Invalid,
                CreditStatus.NotFound,
                CreditStatus.ExceedsLimit,
                CreditStatus.NotFound,
            ],
            refused.Select(account.StatusOf)
        );
        Assert.Same(before, account.State);
    }

    [Fact]
    public void Pay_then_send_the_same_request_again_works()
    {
        var account = new RuledAccount();
        var spend = Spend(account, "s", 1);
        Assert.Equal(CreditStatus.InsufficientCredits, account.StatusOf(spend));
        account.Grant("g", 5);
        Assert.Equal(CreditStatus.Applied, account.StatusOf(spend));
    }

    [Fact]
    public void The_first_result_is_stored_not_recomputed()
    {
        var account = new RuledAccount();
        account.Grant("g", 5);
        var first = account.Spend("s", 2);
        account.Grant("h", 100);
        account.Now += TimeSpan.FromHours(1);
        Assert.Equal(first with { Status = CreditStatus.Replayed }, account.Apply(Spend(account, "s", 2)));
    }

    [Fact]
    public void The_target_is_part_of_the_fingerprint()
    {
        var account = new RuledAccount();
        account.Grant("g", 5);
        account.Grant("h", 5);
        account.Revoke("r", "g", 1);
        Assert.Equal(CreditStatus.Conflict, account.StatusOf(CreditCommand.Revoke(account.Id, "r", "h", 1, "refund")));
    }

    [Fact]
    public void Only_the_attempt_that_did_it_hears_applied()
    {
        var account = new RuledAccount();
        account.Grant("g", 5);
        var spend = Spend(account, "s", 1);
        Assert.Equal(CreditStatus.Applied, account.StatusOf(spend));
        Assert.Equal(CreditStatus.Applied, account.StatusOf(spend));
        Assert.Equal(CreditStatus.Replayed, account.StatusOf(spend with { Attempt = Guid.NewGuid() }));
        Assert.Equal(4, account.Balance);
    }

    [Fact]
    public void Checks_go_validate_then_known_id_then_due_then_rate_then_credits()
    {
        var account = new RuledAccount(OneAMinute);
        account.Grant("g", 1, TimeSpan.FromSeconds(30));
        account.Grant("h", 1);
        account.Spend("s", 1);
        Assert.Equal(CreditStatus.Invalid, account.StatusOf(Spend(account, "s", 0)));
        Assert.Equal(CreditStatus.Replayed, account.StatusOf(Spend(account, "s", 1)));
        Assert.Equal(CreditStatus.Conflict, account.StatusOf(Spend(account, "s", 9)));
        Assert.Equal(CreditStatus.RateLimited, account.StatusOf(Spend(account, "t", 9)));
        account.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(CreditStatus.InsufficientCredits, account.StatusOf(Spend(account, "t", 9)));
        Assert.Equal(CreditStatus.Applied, account.StatusOf(Spend(account, "t", 1)));
    }

    [Fact]
    public void A_known_id_is_answered_before_anything_due_is_performed()
    {
        var account = new RuledAccount();
        account.Grant("g", 2, TimeSpan.FromMinutes(1));
        account.Spend("s", 1);
        account.Now += TimeSpan.FromMinutes(1);
        var before = account.State;
        Assert.Equal(CreditStatus.Replayed, account.StatusOf(Spend(account, "s", 1)));
        Assert.Equal(CreditStatus.Replayed, account.StatusOf(CreditCommand.Grant(account.Id, "g", 2, "five")));
        Assert.Same(before, account.State);
    }

    [Fact]
    public void A_grant_whose_log_entry_is_gone_is_still_known_by_its_grant()
    {
        var account = new RuledAccount();
        account.Grant("g", 2, TimeSpan.FromMinutes(1));
        account.Now += TimeSpan.FromMinutes(1);
        foreach (
            var (command, expected) in new[]
            {
                (CreditCommand.Grant(account.Id, "g", 2, "five"), CreditStatus.Replayed),
                (CreditCommand.Grant(account.Id, "g", 3, "five"), CreditStatus.Conflict),
                (CreditCommand.Grant(account.Id, "g", 2, "ten"), CreditStatus.Conflict),
                (Spend(account, "g", 1), CreditStatus.Conflict),
                (CreditCommand.Reserve(account.Id, "g", 1, "letter"), CreditStatus.Conflict),
            }
        )
        {
            var transition = CreditRules.Apply(account.State, command, null, account.Now, CreditPolicy.Default);
            Assert.Equal(expected, transition.Result.Status);
            Assert.False(transition.Change.IsChanged);
        }
    }

    [Fact]
    public void The_systems_own_entries_are_no_idempotency_keys()
    {
        var account = new RuledAccount();
        account.Grant("g", 5, TimeSpan.FromHours(1));
        account.Grant("h", 5);
        account.Reserve("k", 1);
        account.Now += TimeSpan.FromHours(1);
        account.Settle();
        Assert.Equal(["lapse:k", "expire:g"], account.Log[^2..].Select(e => e.OperationId));
        Assert.All(account.Log[^2..], e => Assert.False(e.IsIdempotencyKey));
        Assert.All(account.Log[^2..], e => Assert.Equal(Guid.Empty, e.Attempt));
        account.Spend("lapse:k", 1);
    }

    private static CreditCommand Spend(RuledAccount account, string id, long credits) =>
        CreditCommand.Spend(account.Id, id, credits, "letter");
}
