using System.Text.Json.Nodes;
using PayPerUse.Credits;

namespace PayPerUse.Commands;

/// <summary><c>verify</c>: recomputes every account from its log, while the app runs or not.</summary>
internal static class VerifyCommand
{
    public static readonly Command It = new("verify", "", "Recomputes every account from its log.", RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(0);
        var (accounts, wrong) = (0L, 0L);
        var json = new JsonArray();
        var verdicts = context.Get<CreditLedger>().VerifyAsync(cancellationToken);
        await foreach (var verdict in verdicts.ConfigureAwait(false))
        {
            accounts++;
            if (verdict.IsClean)
            {
                continue;
            }

            wrong++;
            if (context.Line.IsJson)
            {
                // One document, so it is written whole or not at all.
                json.Add(ToJson(verdict));
            }
            else
            {
                // Told as they are found and not held: all of millions may be wrong.
                await context.Output.WriteLineAsync(verdict.ToString()).ConfigureAwait(false);
            }
        }

        await context
            .Output.WriteAsync(
                new JsonObject { ["accounts"] = accounts, ["wrong"] = json },
                $"{accounts} account(s) verified, {wrong} wrong."
            )
            .ConfigureAwait(false);
        return wrong == 0 ? CommandExit.Good : CommandExit.Bad;
    }

    private static JsonObject ToJson(CreditVerdict verdict) =>
        new()
        {
            ["account"] = verdict.Account,
            ["findings"] = new JsonArray([.. verdict.Findings.Select(f => (JsonNode)JsonValue.Create(f.ToString())!)]),
        };
}
