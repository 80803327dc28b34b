using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>What a batch tells the author of a store before it is applied.</summary>
public sealed class CreditBatchTests
{
    private static readonly AccountId Anna = new("anna");

    [Fact]
    public void Accounts_are_named_once_in_the_order_in_which_to_lock_them()
    {
        string[] owners = ["b", "ä", "a", "B", "aa", "a", "_", "Z"];
        var batch = new CreditBatch(owners.Select((o, i) => CreditCommand.Spend(new(o), "s" + i, 1, "letter")));
        Assert.Equal(["B", "Z", "_", "a", "aa", "b", "ä"], batch.Accounts.Select(a => a.Owner));
    }

    [Fact]
    public void Each_id_is_named_once_and_so_are_the_grants_that_are_taken_back_or_restored()
    {
        var reservation = new ReservationId(Anna, "k", Guid.NewGuid());
        var batch = new CreditBatch([
            CreditCommand.Grant(Anna, "g", 5, "five"),
            CreditCommand.Spend(Anna, "s", 1, "letter"),
            CreditCommand.Spend(Anna, "s", 1, "letter"),
            CreditCommand.Revoke(Anna, "r", "g", 1, "refund"),
            CreditCommand.Restore(Anna, "b", "h", 1, "refund-failed"),
            CreditCommand.Commit(reservation),
            CreditCommand.Settle(Anna),
            CreditCommand.Spend(new("bert"), "s", 1, "letter"),
        ]);
        Assert.Equal(
            ["anna g", "anna s", "anna r", "anna b", "anna h", "anna k", "bert s"],
            batch.Names.Select(n => $"{n.Account.Owner} {n.Id}")
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_malformed_command_names_nothing_so_that_its_text_reaches_no_database(int commands)
    {
        var poison = CreditCommand.Spend(Anna, "nul\0", 1, "letter");
        var batch = new CreditBatch(Enumerable.Repeat(poison, commands));
        Assert.Empty(batch.Names);
        Assert.All(batch.Apply([], RuledAccount.Start).Results, r => Assert.Equal(CreditStatus.Invalid, r.Status));
    }

    [Fact]
    public void A_command_of_no_account_is_refused_alone()
    {
        var batch = new CreditBatch([
            CreditCommand.Grant(default, "g", 5, "five"),
            CreditCommand.Grant(Anna, "g", 5, "five"),
        ]);
        Assert.Equal([Anna], batch.Accounts);
        var changes = batch.Apply([], RuledAccount.Start);
        Assert.Equal([CreditStatus.Invalid, CreditStatus.Applied], changes.Results.Select(r => r.Status));
        Assert.Equal(Anna, Assert.Single(changes.Accounts).After.Id);
    }
}
