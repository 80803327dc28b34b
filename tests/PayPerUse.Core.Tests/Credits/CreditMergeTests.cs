using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>What a merge asks a store to save.</summary>
public sealed class CreditMergeTests
{
    private static readonly AccountId Guest = new("guest");
    private static readonly AccountId Anna = new("anna");

    [Fact]
    public void Both_accounts_change_even_where_nothing_moves_so_that_a_store_that_does_not_lock_sees_who_else_wrote()
    {
        var (result, closed, merged) = Merge(CreditAccount.Empty(Guest), CreditAccount.Empty(Anna));
        Assert.Equal(new CreditMergeResult(CreditMergeStatus.Merged, Anna), result);
        Assert.True(closed is { IsChanged: true, After.Version: 1 });
        Assert.True(merged is { IsChanged: true, After.Version: 1 });
        Assert.Empty(merged.Entries);
        Assert.Equal(
            (CreditEntryKind.MergeOut, 0L),
            Assert.Single(closed.Entries) is var entry ? (entry.Kind, entry.Credits) : default
        );
    }

    [Fact]
    public void What_is_refused_saves_nothing()
    {
        var closed = CreditAccount.Empty(Guest) with { MergedInto = new AccountId("bert") };
        foreach (
            var (source, target) in new[]
            {
                (closed, CreditAccount.Empty(Anna)),
                (CreditAccount.Empty(Anna), closed),
                (CreditAccount.Empty(Guest) with { Reserved = 1 }, CreditAccount.Empty(Anna)),
            }
        )
        {
            var (result, from, to) = Merge(source, target);
            Assert.False(result.Succeeded);
            Assert.Null(from);
            Assert.Null(to);
        }
    }

    [Fact]
    public void Its_names_are_made_of_both_accounts_and_never_change()
    {
        // Databases hold them.
        Assert.Equal("merge:eb16b35617247404182384a86ce0425b", CreditMerge.IdOf(Guest, Anna));
        Assert.NotEqual(CreditMerge.IdOf(Guest, Anna), CreditMerge.IdOf(Anna, Guest));
    }

    private static CreditMergeTransition Merge(CreditAccount source, CreditAccount target) =>
        CreditMerge.Apply(
            source,
            new LoadedCreditAccount(target, []),
            Guid.NewGuid(),
            RuledAccount.Start,
            CreditPolicy.Default
        );
}
