using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditRetentionConformance
{
    [Theory]
    [InlineData("grants")]
    [InlineData("open reservations")]
    [InlineData("known ids")]
    public async Task A_page_ends_where_what_it_holds_becomes_many(string what)
    {
        const int Accounts = 6;
        const int Each = 60;
        const int Limit = 4;
        var accounts = Enumerable.Range(0, Accounts).Select(_ => NewAccount()).ToArray();
        await accounts[0].ApplyAllAsync([.. accounts.Select(a => a.Grant("g", Each))]);
        await accounts[0]
            .ApplyAllAsync([.. accounts.SelectMany(a => Enumerable.Range(0, Each).Select(i => Make(a, i)))]);
        if (what == "known ids")
        {
            Clock.Advance(TimeSpan.FromDays(1));
            await TrimAsync(Store, Now);
        }

        var audit = Assert.IsType<ICreditAudit>(Store, exactMatch: false);
        var found = new List<string>();
        string? after = null;
        do
        {
            await using var page = await audit.ReadPageAsync(after, Limit, Token);
            found.AddRange(page.Accounts.Select(a => a.Account));

            // Each of ours has more than a page may have, so that none shares its page with another.
            Assert.InRange(page.Accounts.Count(a => accounts.Any(o => o.Id.Value == a.Account)), 0, 1);
            Assert.InRange(page.Accounts.Length, 0, Limit);
            after = page.Next;
        } while (after is not null);

        Assert.Equal(found.Distinct(), found);
        Assert.Empty(accounts.Select(a => a.Id.Value).Except(found));
        foreach (var account in accounts)
        {
            var verdict = await VerifyAsync(account.Id);
            Assert.True(verdict.IsClean, verdict.ToString());
        }

        CreditCommand Make(AccountUnderTest account, int i) =>
            what switch
            {
                "grants" => account.Grant("g" + i, 1),
                "open reservations" => account.Reserve("k" + i, 1, TimeSpan.FromDays(1)),
                _ => account.Revoke("r" + i, "g", 1),
            };
    }
}
