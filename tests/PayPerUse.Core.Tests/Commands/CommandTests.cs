using System.Text.Json.Nodes;
using PayPerUse.Commands;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Commands;

public sealed class CommandTests
{
    [Fact]
    public void What_is_not_ours_is_left_to_the_app()
    {
        Assert.False(PayPerUseCommands.AreMeant([]));
        Assert.False(PayPerUseCommands.AreMeant(["--lan"]));
        Assert.False(PayPerUseCommands.AreMeant(["migrate"]));
        Assert.True(PayPerUseCommands.AreMeant(["verify"]));
        Assert.True(PayPerUseCommands.AreMeant(["payments"]));
    }

    [Theory]
    [InlineData("payments", "payments list")]
    [InlineData("payments nonsense", "payments list")]
    [InlineData("payments show", "ID is missing")]
    [InlineData("payments show 123", "32 characters")]
    [InlineData("payments list --status open", "none of pending, processing")]
    [InlineData("payments list --limit 0", "--limit")]
    [InlineData("payments list --colour red", "--colour is not an option")]
    [InlineData("payments list --status", "--status needs a value")]
    [InlineData("payments list more", "'more' is too much")]
    [InlineData("payments refund 0123456789abcdef0123456789abcdef --amount 0.401", "is not an amount")]
    [InlineData("payments refund 0123456789abcdef0123456789abcdef --amount 1 --unspent", "exclude each other")]
    [InlineData("payments list --status paid --owed", "exclude each other")]
    [InlineData("payments refund 0123456789abcdef0123456789abcdef --key ", "--key: 1 to 128")]
    [InlineData("payments recheck 0123456789abcdef0123456789abcdef --by ", "--by: 1 to 64")]
    [InlineData(
        "payments record-refund 0123456789abcdef0123456789abcdef --amount 1 --reference ",
        "--reference: 1 to 128"
    )]
    [InlineData("accounts grant anna 5 --key ", "--key: 1 to 128")]
    [InlineData("payments resolve 0123456789abcdef0123456789abcdef maybe", "neither grant nor refund")]
    [InlineData("payments record-refund 0123456789abcdef0123456789abcdef --amount 1", "--reference is missing")]
    [InlineData("accounts grant anna many", "CREDITS")]
    [InlineData("accounts show a/b/c", "is not an account")]
    [InlineData("accounts merge anna anna", "into itself")]
    [InlineData("accounts merge anna bert/minutes", "only accounts of one type")]
    [InlineData("accounts revoke anna payment:1 5", "payments refund 1")]
    public async Task A_wrong_command_line_is_answered_with_what_is_wrong(string line, string error)
    {
        await using var house = new PaymentHouse();
        var (exit, _, errors) = await RunAsync(house, line.Split(' '));
        Assert.Equal(2, exit);
        Assert.Contains(error, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_is_explained()
    {
        await using var house = new PaymentHouse();
        var (exit, output, _) = await RunAsync(house, "help");
        Assert.Equal(0, exit);
        Assert.All(PayPerUseCommands.All, c => Assert.Contains(c.Name, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payment_is_listed_shown_refunded_and_rechecked()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        var list = await JsonAsync(house, "payments", "list", "--status", "paid", "--json");
        Assert.Equal(payment.Id, (string)list.AsArray().Single()!["id"]!);

        var (exit, _, _) = await RunAsync(house, "payments", "refund", payment.Id, "--amount", "0.40", "--by", "sint");
        Assert.Equal(0, exit);
        Assert.Equal(3, await house.BalanceAsync());
        var shown = await JsonAsync(house, "payments", "show", payment.Id, "--json");
        Assert.Equal(40, (long)shown["refunded"]!["amount"]!);
        Assert.Contains(shown["events"]!.AsArray(), e => (string?)e!["by"] == "sint");

        var unspent = await JsonAsync(house, "payments", "refund", payment.Id, "--unspent", "--json");
        Assert.Equal("Done", (string)unspent["result"]!);
        Assert.Equal(0, await house.BalanceAsync());
        (exit, var text, _) = await RunAsync(house, "payments", "refund", payment.Id);
        Assert.Equal(1, exit);
        Assert.Contains("NothingLeft", text, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(house, "payments", "recheck", payment.Id)).Exit);
    }

    [Fact]
    public async Task An_account_s_payments_are_filtered_before_they_are_counted_and_include_those_of_merged_ones()
    {
        await using var house = new PaymentHouse();
        var oldest = await PaidAsync(house);
        for (var i = 0; i < 3; i++)
        {
            house.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.True(
                (await house.Checkout.CancelAsync((await house.OrderedAsync()).Id, PaymentHouse.Token)).IsCanceled
            );
        }

        await AssertListAsync(house, [oldest.Id], "anna", "--status", "paid", "--limit", "1");
        Assert.Equal(0, (await RunAsync(house, "accounts", "merge", "anna", "bert")).Exit);
        await AssertListAsync(house, [oldest.Id], "bert", "--status", "paid");
        await AssertListAsync(house, [oldest.Id], "anna", "--status", "paid", "--limit", "1");
        await AssertListAsync(house, [], "cleo");

        house.First.MayRefund = false;
        await house.Service.RefundAsync(
            new RefundOrder(oldest.Id, RefundExtent.Whole, "sint") { IsByHandAllowed = true },
            PaymentHouse.Token
        );
        await AssertListAsync(house, [oldest.Id], "bert", "--owed");
        await AssertListAsync(house, [], "cleo", "--owed");
    }

    [Fact]
    public async Task What_is_unknown_or_not_allowed_ends_with_1()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        Assert.Equal(1, (await RunAsync(house, "payments", "show", new string('0', 32))).Exit);
        Assert.Equal(1, (await RunAsync(house, "payments", "resolve", payment.Id, "grant")).Exit);
    }

    [Fact]
    public async Task Credits_are_given_once_a_key_and_taken_back_in_the_account_s_own_log()
    {
        await using var house = new PaymentHouse();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(
                0,
                (await RunAsync(house, "accounts", "grant", "anna", "7", "--key", "sorry-1", "--by", "sint klaas")).Exit
            );
        }

        Assert.Equal(7, await house.BalanceAsync());
        Assert.Equal(
            0,
            (await RunAsync(house, "accounts", "revoke", "anna", "operator:sorry-1", "2", "--by", "piet")).Exit
        );
        var shown = await JsonAsync(house, "accounts", "show", "anna/credits", "--json");
        Assert.Equal(5, (long)shown["balance"]!);
        Assert.Equal(
            ["operator:piet", "operator:sint-klaas"],
            shown["entries"]!.AsArray().Select(e => (string)e!["action"]!)
        );
        Assert.Equal(1, (await RunAsync(house, "accounts", "revoke", "anna", "operator:sorry-1", "6")).Exit);
    }

    [Fact]
    public async Task Accounts_are_merged_once_and_both_tell_of_it()
    {
        await using var house = new PaymentHouse();
        var payment = await PaidAsync(house);
        Assert.Equal(0, (await RunAsync(house, "accounts", "merge", "anna", "bert")).Exit);
        var again = await JsonAsync(house, "accounts", "merge", "anna", "bert", "--json");
        Assert.Equal("AlreadyMerged", (string)again["result"]!);
        var (exit, text, _) = await RunAsync(house, "accounts", "merge", "anna", "cleo");
        Assert.Equal(1, exit);
        Assert.Contains("bert/credits", text, StringComparison.Ordinal);

        var anna = await JsonAsync(house, "accounts", "show", "anna", "--json");
        Assert.Equal(("bert/credits", 0L), ((string?)anna["mergedInto"], (long)anna["balance"]!));
        var bert = await JsonAsync(house, "accounts", "show", "bert", "--json");
        Assert.Equal((null, 5L), ((string?)bert["mergedInto"], (long)bert["balance"]!));
        Assert.Equal("anna/credits", (string)bert["merged"]!.AsArray().Single()!);
        Assert.Equal(payment.Id, (string)bert["payments"]!.AsArray().Single()!["id"]!);
    }

    [Fact]
    public async Task Every_account_is_verified()
    {
        await using var house = new PaymentHouse();
        await PaidAsync(house);
        var (exit, output, _) = await RunAsync(house, "verify");
        Assert.Equal((0, "1 account(s) verified, 0 wrong."), (exit, output.Trim()));
    }

    [Fact]
    public async Task The_doctor_tells_of_reviews_and_of_what_is_not_known()
    {
        await using var house = new PaymentHouse();
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        house.First.Distort = p => p with { Mode = PaymentMode.Live };
        await house.SettleAsync(payment);
        var json = await JsonAsync(house, "doctor", "--json");
        Assert.Equal("warning", (string)json["verdict"]!);
        Assert.Contains(json["findings"]!.AsArray(), f => (string)f!["subject"]! == "payments");
        Assert.Contains(json["findings"]!.AsArray(), f => (string)f!["subject"]! == "first webhook");
    }

    [Fact]
    public async Task A_webhook_address_that_leads_nowhere_is_a_fault()
    {
        await using var house = new PaymentHouse(o => o.PublicUrl = new Uri("http://127.0.0.1:9"));
        var json = await JsonAsync(house, 1, "doctor", "--json");
        Assert.Contains(
            json["findings"]!.AsArray(),
            f => (string)f!["subject"]! == "first webhook" && (string)f["verdict"]! == "bad"
        );
    }

    private static async Task AssertListAsync(PaymentHouse house, string[] ids, string account, params string[] options)
    {
        var list = await JsonAsync(house, ["payments", "list", "--json", "--account", account, .. options]);
        Assert.Equal(ids, list.AsArray().Select(p => (string)p!["id"]!));
    }

    private static async Task<Payment> PaidAsync(PaymentHouse house)
    {
        var payment = await house.OrderedAsync();
        house.First.Set(payment.Id, ProviderPaymentStatus.Paid);
        return (await house.SettleAsync(payment))!;
    }

    private static Task<JsonNode> JsonAsync(PaymentHouse house, params string[] args) => JsonAsync(house, 0, args);

    private static async Task<JsonNode> JsonAsync(PaymentHouse house, int expected, params string[] args)
    {
        var (exit, output, errors) = await RunAsync(house, args);
        Assert.True(exit == expected, $"{exit}: {errors}{output}");
        return JsonNode.Parse(output)!;
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(
        PaymentHouse house,
        params string[] args
    )
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await PayPerUseCommands.RunAsync(house.Services, args, output, errors, PaymentHouse.Token);
        return (exit, output.ToString(), errors.ToString());
    }
}
