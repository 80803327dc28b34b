using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>The comparison alone; the stores' own tests corrupt real rows.</summary>
public sealed class CreditVerificationTests
{
    private readonly RuledAccount _anna = new();

    [Fact]
    public void An_account_as_the_rules_left_it_is_right()
    {
        var account = TellStory();
        var verdict = CreditVerification.Verify(account, Lines(_anna.Log));
        Assert.True(verdict is { IsClean: true, Entries: 5 }, verdict.ToString());
    }

    [Fact]
    public void An_account_without_anything_is_right()
    {
        var account = new CreditAuditAccount("anna/credits") { Row = CreditAccount.Empty(_anna.Id) };
        Assert.True(CreditVerification.Verify(account, []).IsClean);
    }

    [Fact]
    public void One_broken_habit_on_a_thousand_entries_is_told_a_few_times_and_counted()
    {
        var account = TellStory();
        var log = Enumerable.Repeat(_anna.Log[1], 1000);
        var findings = CreditVerification.Verify(account, Lines(log)).Findings;
        var sequence = findings.Where(f => f.Check == CreditCheck.Sequence).ToArray();
        Assert.Equal(6, sequence.Length);
        Assert.Equal("and 996 more", sequence[^1].Detail);
    }

    [Fact]
    public void Numbers_too_wrong_to_add_up_are_told_and_not_thrown()
    {
        var account = TellStory();
        var grants = account.Grants.Select(g => g with { Free = long.MaxValue });
        var verdict = CreditVerification.Verify(account with { Grants = [.. grants] }, Lines(_anna.Log));
        Assert.Contains(verdict.Findings, f => f.Check == CreditCheck.Free);
    }

    [Fact]
    public void Credits_that_became_neither_free_nor_paid_debt_are_told_and_not_folded()
    {
        _anna.Grant("g", 10);
        var lost = _anna.Log[0] with { Grants = [new GrantChange("g", 8)] };
        var fold = CreditFold.Of(null, Lines([lost]), DateTimeOffset.MaxValue);
        Assert.Equal(CreditCheck.Debt, Assert.Single(fold.Findings).Check);
        Assert.Null(fold.Checkpoint);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_whole_says_so_at_once()
    {
        await using var ledger = new CreditLedger(new ScriptedCreditStore(), Options.Create(new PayPerUseOptions()));
        var error = Assert.Throws<NotSupportedException>(() =>
            ledger.VerifyAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(nameof(ICreditAudit), error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<CreditAuditLine> Lines(IEnumerable<CreditEntry> log) =>
        log.Select(e => new CreditAuditLine("anna/credits", e.Sequence, e));

    private CreditAuditAccount TellStory()
    {
        _anna.Grant("g", 10);
        _anna.Grant("h", 5, TimeSpan.FromDays(1));
        _anna.Spend("s", 3);
        _anna.Reserve("k", 4);
        _anna.Revoke("r", "h", 2);
        return new CreditAuditAccount("anna/credits")
        {
            Row = _anna.State,
            Grants = _anna.State.Grants,
            Open = [.. _anna.State.Reservations.Values],
        };
    }
}
