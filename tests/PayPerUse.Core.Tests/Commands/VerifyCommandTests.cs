using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NSubstitute;
using PayPerUse.Commands;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Commands;

public sealed class VerifyCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_differs_is_told_before_the_next_page_is_read()
    {
        using var output = new StringWriter();
        var told = new List<string>();
        Assert.Equal(1, await VerifyAsync(output, () => told.Add(output.ToString()), "verify"));
        Assert.Equal("", told[0]);
        Assert.StartsWith("a0: Row: there is no row", told[1], StringComparison.Ordinal);
        Assert.Contains("a1: Row: there is no row", told[2], StringComparison.Ordinal);
        Assert.EndsWith("3 account(s) verified, 3 wrong.", output.ToString().Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_that_differ_are_named_in_one_document()
    {
        using var output = new StringWriter();
        Assert.Equal(1, await VerifyAsync(output, () => { }, "verify", "--json"));
        var json = JsonNode.Parse(output.ToString())!;
        Assert.Equal(3, (int)json["accounts"]!);
        Assert.Equal(["a0", "a1", "a2"], json["wrong"]!.AsArray().Select(w => (string)w!["account"]!));
        Assert.Contains("no row", (string)json["wrong"]![0]!["findings"]![0]!, StringComparison.Ordinal);
    }

    /// <summary>Verifies three pages of one account each, of which nothing is left.</summary>
    private static async Task<int> VerifyAsync(StringWriter output, Action readingPage, params string[] args)
    {
        var pages = 0;
        var store = Substitute.For<ICreditStore, ICreditAudit>();
        ((ICreditAudit)store)
            .ReadPageAsync(default, default, default)
            .ReturnsForAnyArgs(_ =>
            {
                readingPage();
                var page = Substitute.For<ICreditAuditPage>();
                page.Accounts.Returns([new CreditAuditAccount("a" + pages)]);
                page.ReadLogAsync(default).ReturnsForAnyArgs(AsyncEnumerable.Empty<CreditAuditLine>());
                page.Next.Returns(++pages < 3 ? "a" + (pages - 1) : null);
                return page;
            });
        await using var ledger = new CreditLedger(store, Options.Create(new PayPerUseOptions()));
        await using var services = new ServiceCollection().AddSingleton(ledger).BuildServiceProvider();
        using var errors = new StringWriter();
        return await PayPerUseCommands.RunAsync(services, args, output, errors, Token);
    }
}
