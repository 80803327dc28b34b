using System.Text.RegularExpressions;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task An_empty_batch_does_nothing()
    {
        Assert.Empty(await Store.ApplyAsync(new CreditBatch([]), Token));
    }

    [Fact]
    public async Task A_batch_of_many_accounts_answers_each_command_in_its_place()
    {
        var accounts = Enumerable.Range(0, 50).Select(_ => NewAccount()).ToArray();
        var commands = accounts
            .SelectMany((a, i) => new[] { a.Grant("g", i + 1), a.Spend("s", 1), a.Spend("t", i + 1) })
            .Order(Comparer<CreditCommand>.Create((x, y) => x.Kind.CompareTo(y.Kind)))
            .ToArray();
        var results = await accounts[0].ApplyAllAsync(commands);
        for (var i = 0; i < commands.Length; i++)
        {
            Assert.Equal(commands[i].Id, results[i].OperationId);
            Assert.Equal(
                commands[i].Id == "t" ? CreditStatus.InsufficientCredits : CreditStatus.Applied,
                results[i].Status
            );
        }

        for (var i = 0; i < accounts.Length; i++)
        {
            await accounts[i].AuditAsync();
            await accounts[i].ExpectAsync(i);
        }
    }

    [Fact]
    public async Task Many_commands_on_one_account_apply_in_their_order()
    {
        var account = await NewAccountAsync(50);
        var results = await account.ApplyAllAsync([
            .. Enumerable.Range(0, 60).Select(i => account.Spend("s" + i, 1)),
            account.Grant("h", 2),
            account.Spend("after", 2),
        ]);
        Assert.All(results[..50], r => Assert.Equal(CreditStatus.Applied, r.Status));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => 49L - i), results[..50].Select(r => r.Balance));
        Assert.All(results[50..60], r => Assert.Equal(CreditStatus.InsufficientCredits, r.Status));
        Assert.All(results[60..], r => Assert.Equal(CreditStatus.Applied, r.Status));
        await account.AuditAsync();
        Assert.Equal(
            [.. Enumerable.Range(0, 50).Select(i => "s" + i), "h", "after"],
            (await account.ReadLogAsync())[1..].Select(e => e.OperationId)
        );
    }

    [Fact]
    public async Task An_invalid_command_is_refused_and_its_neighbours_are_not()
    {
        var account = await NewAccountAsync(5);
        var results = await account.ApplyAllAsync(
            account.Spend("a", 1),
            account.Spend("b", 0),
            account.Spend("", 1),
            account.Spend("c", 1)
        );
        Assert.Equal(
            [CreditStatus.Applied, CreditStatus.Invalid, CreditStatus.Invalid, CreditStatus.Applied],
            results.Select(r => r.Status)
        );
        await account.AuditAsync();
    }

    [Theory]
    [InlineData(@"nul\u0000")]
    [InlineData(@"lone\ud800surrogate")]
    [InlineData(@"a\u0020b")]
    [InlineData(@"line\n")]
    [InlineData(@"right-to-left\u202e")]
    [InlineData(@"zero\u200bwidth")]
    public async Task A_text_that_could_poison_a_batch_never_reaches_the_store(string escaped)
    {
        // Metadata cannot hold a lone surrogate, so the texts are escaped there.
        var text = Regex.Unescape(escaped);
        var account = await NewAccountAsync(5);
        await using var ledger = LedgerOver(Store);
        CreditCommand[] poison =
        [
            account.Spend(text, 1),
            account.Spend("s", 1, text),
            account.Grant("h", 1, source: text),
            account.Revoke("r", text, 1),
        ];
        var results = await Task.WhenAll(poison.Select(c => ledger.SubmitAsync(c, Token)));
        Assert.All(results, r => Assert.Equal(CreditStatus.Invalid, r.Status));
        Assert.All(results, r => Assert.NotNull(r.Error));
        Assert.Throws<ArgumentException>(() => new AccountId(text));
        await account.ExpectAsync(5);
    }

    [Theory]
    [InlineData(@"nul\u0000")]
    [InlineData(@"lone\ud800surrogate")]
    [InlineData("an over-long id")]
    public async Task A_poison_value_in_one_command_leaves_its_neighbours_untouched(string escaped)
    {
        // Straight at the store: what a batch holds that the ledger would have refused at its door.
        var text = escaped.StartsWith("an over", StringComparison.Ordinal)
            ? new string('x', CreditCommand.MaxIdLength + 100_000)
            : Regex.Unescape(escaped);
        var (account, neighbour) = (await NewAccountAsync(5), await NewAccountAsync(5));
        var results = await account.ApplyAllAsync(
            account.Spend("a", 1),
            neighbour.Spend("a", 1),
            account.Spend(text, 1),
            account.Grant(text, 1),
            account.Spend("b", 1, action: text),
            account.Revoke("r", grant: text, 1),
            CreditCommand.Commit(new ReservationId(account.Id, text, Guid.NewGuid())),
            neighbour.Spend("b", 1),
            account.Spend("c", 1)
        );
        CreditStatus[] poison = [.. Enumerable.Repeat(CreditStatus.Invalid, 5)];
        CreditStatus[] well = [CreditStatus.Applied, CreditStatus.Applied];
        Assert.Equal([.. well, .. poison, .. well], results.Select(r => r.Status));
        foreach (var each in new[] { account, neighbour })
        {
            await each.AuditAsync();
            await each.ExpectAsync(3);
        }
    }

    [Theory]
    [InlineData("\U0001F385")]
    [InlineData("\u5723\u5C3C\u53E4\u62C9\u65AF")]
    [InlineData("'; DROP TABLE user_credits; --")]
    [InlineData("{\"a\":[1,2]}\\u0000")]
    [InlineData("%_$1@p0:x?&<>`")]
    [InlineData("Ska\u030a\u00e5\u0130\u0131\u00df")]
    [InlineData("\ufffd\uffe6")]
    public async Task Odd_but_legal_text_travels_unchanged(string text)
    {
        text = text.Replace(' ', '_');
        var account = new AccountUnderTest(
            Store,
            id: new AccountId(text.Replace('/', '_') + Guid.NewGuid().ToString("N"))
        );
        await account.MustApplyAsync(account.Grant(text, 5, source: text));
        await account.MustReserveAsync(account.Reserve(text + "k", 2, action: text));
        await account.MustApplyAsync(account.Revoke(text + "r", text, 1));
        var log = await account.ReadLogAsync();
        Assert.Equal([text, text + "k", text + "r"], log.Select(e => e.OperationId));
        Assert.Equal([text, text, "refund"], log.Select(e => e.Action));
        Assert.Equal(text, log[2].Target);
        Assert.Equal(text, log[2].Grants.Single().GrantId);
    }

    [Fact]
    public async Task Texts_of_full_length_fit_also_when_they_lapse_and_expire()
    {
        var owner = Guid.NewGuid().ToString("N").PadRight(AccountId.MaxOwnerLength, '\u5723');
        var account = new AccountUnderTest(Store, id: new AccountId(owner, new string('t', AccountId.MaxTypeLength)));
        var (id, action) = (
            new string('\u5723', CreditCommand.MaxIdLength),
            new string('\u5C3C', CreditCommand.MaxActionLength)
        );
        await account.MustApplyAsync(account.Grant(id, 5, Now + TimeSpan.FromMinutes(20), action));
        await account.MustReserveAsync(account.Reserve(id[1..], 2, action: action));
        Clock.Advance(TimeSpan.FromMinutes(20));
        await account.MustApplyAsync(account.Settle());
        Assert.Equal(
            ["lapse:" + id[1..], "expire:" + id],
            (await account.ReadLogAsync())[^2..].Select(e => e.OperationId)
        );
    }
}
