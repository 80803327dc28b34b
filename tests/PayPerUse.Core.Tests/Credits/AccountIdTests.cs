using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class AccountIdTests
{
    private static readonly string[] Characters = ["a", "b", "\u00e4", "\ud7a3", "\uf900", "\uffe6", "\U0001F385"];

    private static readonly Gen<AccountId> Account = Gen.Int[0, Characters.Length - 1]
        .Array[1, 3]
        .Select(owner => new AccountId(string.Concat(owner.Select(c => Characters[c]))));

    [Theory]
    [InlineData("a")]
    [InlineData("018f-anna@sint.example")]
    [InlineData("auth0|5f7c8ec7c33c6c004bbafe82")]
    [InlineData("\U0001F385")]
    public void An_owner_is_opaque_visible_text(string owner)
    {
        var account = new AccountId(owner);
        Assert.Equal((owner, "credits", owner + "/credits"), (account.Owner, account.Type, account.Value));
        Assert.Equal(account, AccountId.Parse(account.Value));
    }

    [Fact]
    public void An_owner_has_at_most_128_characters()
    {
        Assert.Equal(128, new AccountId(new string('a', 128)).Owner.Length);
        Assert.Throws<ArgumentException>("owner", () => new AccountId(new string('a', 129)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData(@"a\u0000")]
    [InlineData(@"a\u007f")]
    [InlineData(@"a\u00a0b")]
    [InlineData(@"a\u00ad")]
    [InlineData(@"\ud800")]
    [InlineData(@"\udc00\ud800")]
    [InlineData(@"\ue000")]
    [InlineData(@"\u2028")]
    public void An_owner_has_only_visible_characters_and_no_slash(string escaped)
    {
        var owner = Regex.Unescape(escaped);
        Assert.Throws<ArgumentException>("owner", () => new AccountId(owner));
        Assert.False(AccountId.TryParse(owner + "/credits", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Letters")]
    [InlineData("1st")]
    [InlineData("let ters")]
    [InlineData("a/b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz-0123456")]
    public void A_type_is_a_short_lower_case_word(string type) =>
        Assert.Throws<ArgumentException>(nameof(type), () => new AccountId("anna", type));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("/credits")]
    [InlineData("anna/")]
    [InlineData("anna/credits/more")]
    public void What_is_not_an_account_is_not_parsed(string? value)
    {
        Assert.False(AccountId.TryParse(value, out var account));
        Assert.True(account.IsDefault);
        Assert.Throws<FormatException>(() => AccountId.Parse(value!));
    }

    [Fact]
    public void One_owner_may_have_accounts_of_several_types()
    {
        Assert.NotEqual(new AccountId("anna", "letters"), new AccountId("anna", "minutes"));
        Assert.Equal(new AccountId("anna", "letters"), AccountId.Parse("anna/letters"));
    }

    [Fact]
    public void Accounts_are_compared_ordinally()
    {
        AccountId[] accounts = [new("\u00e4"), new("b"), new("a"), new("B"), new("a\u0308")];
        Assert.Equal(["B", "a", "a\u0308", "b", "\u00e4"], accounts.Order().Select(a => a.Owner));
        Assert.True(new AccountId("B") < new AccountId("a") && new AccountId("b") >= new AccountId("a"));
        Assert.NotEqual(new AccountId("Anna"), new AccountId("anna"));
    }

    [Fact]
    public void Accounts_have_the_order_of_their_UTF_8_bytes_which_is_that_of_databases() =>
        Gen.Select(Account, Account)
            .Sample(
                (one, two) =>
                    Assert.Equal(
                        Math.Sign(
                            Encoding
                                .UTF8.GetBytes(one.Value)
                                .AsSpan()
                                .SequenceCompareTo(Encoding.UTF8.GetBytes(two.Value))
                        ),
                        Math.Sign(one.CompareTo(two))
                    )
            );

    [Fact]
    public void The_default_value_names_no_account_and_every_command_refuses_it()
    {
        Assert.Equal(("", "", ""), (default(AccountId).Owner, default(AccountId).Type, default(AccountId).Value));
        Assert.StartsWith("account:", CreditCommand.Settle(default).Validate(), StringComparison.Ordinal);
        Assert.StartsWith("account:", CreditCommand.Spend(default, "s", 1, "a").Validate(), StringComparison.Ordinal);
    }
}
