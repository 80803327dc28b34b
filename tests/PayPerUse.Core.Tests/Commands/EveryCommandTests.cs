using System.Text.Json.Nodes;
using PayPerUse.Commands;
using PayPerUse.Core.Tests.Payments;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Commands;

/// <summary>What holds for every command: one JSON document for a script, and a name in the history of what was changed.</summary>
public sealed class EveryCommandTests
{
    private const string By = "sint";

    private static CancellationToken Token => PaymentHouse.Token;

    [Fact]
    public async Task Every_command_answers_a_script_in_one_document_and_text_for_a_person()
    {
        await using var house = new PaymentHouse();
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, words) in await StoryAsync(house))
        {
            asked.Add(name);
            var line = name.Split(' ').Concat(words).ToArray();
            var json = await RunAsync(house, [.. line, "--by", By, "--json"]);
            Assert.True(json.Exit == 0, $"{name}: {json.Exit} {json.Errors}{json.Output}");
            Assert.Empty(json.Errors);
            Assert.IsNotType<JsonValue>(JsonNode.Parse(json.Output), exactMatch: false);

            // The same again, for a person: done already or not, it tells.
            var text = await RunAsync(house, [.. line, "--by", By]);
            Assert.Contains(text.Exit, new[] { 0, 1 });
            Assert.NotEqual("", text.Output.Trim());
            Assert.NotEqual('{', text.Output.TrimStart()[0]);
        }

        Assert.Equal(PayPerUseCommands.All.Select(c => c.Name).Order(), asked.Order());
    }

    [Fact]
    public async Task Every_command_that_changes_something_leaves_who_gave_it()
    {
        await using var house = new PaymentHouse();
        foreach (var (name, words) in await StoryAsync(house))
        {
            var trails = await TrailsAsync(house);
            var run = await RunAsync(house, [.. name.Split(' '), .. words, "--by", By]);
            Assert.True(run.Exit == 0, $"{name}: {run.Exit} {run.Errors}{run.Output}");
            var isReading = name is "payments list" or "payments show" or "accounts show" or "verify" or "doctor";

            // A merge leaves its line in both accounts, and who did it in the app's log.
            if (name != "accounts merge")
            {
                Assert.Equal((name, isReading), (name, await TrailsAsync(house) == trails));
            }
        }
    }

    /// <summary>Every command, in an order in which each has something to do.</summary>
    private static async Task<(string Name, string[] Words)[]> StoryAsync(PaymentHouse house)
    {
        var review = await house.OrderedAsync();
        house.First.Set(review.Id, ProviderPaymentStatus.Paid);
        house.First.Distort = p => p with { Mode = PaymentMode.Live };
        await house.SettleAsync(review);
        house.First.Distort = p => p;
        var paid = await house.OrderedAsync("month");
        house.First.Set(paid.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(paid);
        var other = (await house.OrderAsync("month", "second")).Payment!;
        house.Second.TellsReversals = false;
        house.Second.Set(other.Id, ProviderPaymentStatus.Paid);
        await house.SettleAsync(other);
        return
        [
            ("payments list", ["--status", "review"]),
            ("payments show", [review.Id]),
            ("payments resolve", [review.Id, "grant"]),
            ("payments recheck", [review.Id]),
            ("payments refund", [paid.Id, "--amount", "1.00", "--key", "k1"]),
            ("payments record-refund", [other.Id, "--amount", "1.00", "--reference", "bank 1"]),
            ("accounts show", ["anna"]),
            ("accounts grant", ["anna", "5", "--key", "sorry"]),
            ("accounts revoke", ["anna", "operator:sorry", "2", "--key", "again"]),
            ("accounts merge", ["anna", "bert"]),
            ("verify", []),
            ("doctor", []),
        ];
    }

    /// <summary>How often who gave the orders is named, in payments' histories and accounts' logs.</summary>
    private static async Task<int> TrailsAsync(PaymentHouse house)
    {
        var count = 0;
        foreach (var payment in await house.Store.ListAsync((PaymentStatus?)null, 100, Token))
        {
            count += (await house.Store.ReadEventsAsync(payment.Id, Token)).Count(e => e.By == By);
        }

        return count
            + (await house.Ledger.ReadHistoryAsync(PaymentHouse.Anna, null, 100, Token)).Count(e =>
                e.Action == "operator:" + By
            );
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(
        PaymentHouse house,
        params string[] args
    )
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await PayPerUseCommands.RunAsync(house.Services, args, output, errors, Token);
        return (exit, output.ToString(), errors.ToString());
    }
}
