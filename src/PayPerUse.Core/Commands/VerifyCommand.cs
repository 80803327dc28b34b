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
        var accounts = 0L;
        var wrong = new List<CreditVerdict>();
        var verdicts = context.Get<CreditLedger>().VerifyAsync(cancellationToken);
        await foreach (var verdict in verdicts.ConfigureAwait(false))
        {
            accounts++;
            if (!verdict.IsClean)
            {
                wrong.Add(verdict);
            }
        }

        await context
            .Output.WriteAsync(
                new JsonObject
                {
                    ["accounts"] = accounts,
                    ["wrong"] = new JsonArray([
                        .. wrong.Select(v =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["account"] = v.Account,
                                    ["findings"] = new JsonArray([
                                        .. v.Findings.Select(f => (JsonNode)JsonValue.Create(f.ToString())!),
                                    ]),
                                }
                        ),
                    ]),
                },
                [.. wrong.Select(v => v.ToString()), $"{accounts} account(s) verified, {wrong.Count} wrong."]
            )
            .ConfigureAwait(false);
        return wrong.Count == 0 ? CommandExit.Good : CommandExit.Bad;
    }
}
