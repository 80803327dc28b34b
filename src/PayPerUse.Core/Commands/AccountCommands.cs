using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;
using PayPerUse.Payments;

namespace PayPerUse.Commands;

/// <summary><c>accounts …</c>. What is granted or revoked stands in the account's own log, with who did it.</summary>
internal static class AccountCommands
{
    private const int HistoryLength = 20;
    private const int MaxMerged = 1000;
    private const int MaxKeyLength = 128;

    public static readonly ImmutableArray<Command> All =
    [
        new("accounts show", "OWNER[/TYPE]", "Balance, latest changes and payments of an account.", ShowAsync),
        new(
            "accounts grant",
            "OWNER[/TYPE] CREDITS [--key KEY] [--by NAME]",
            "Gives credits away; the same key gives them once.",
            GrantAsync
        ),
        new(
            "accounts revoke",
            "OWNER[/TYPE] GRANT CREDITS [--key KEY] [--by NAME]",
            "Takes credits of a grant back that were given away.",
            RevokeAsync
        ),
        new(
            "accounts merge",
            "SOURCE[/TYPE] TARGET[/TYPE] [--by NAME]",
            "Closes an account for ever and gives all it has to another.",
            MergeAsync
        ),
    ];

    /// <exception cref="CommandUsageException">It is no account.</exception>
    public static AccountId AccountOf(string text) =>
        AccountId.TryParse(
            text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{AccountId.DefaultType}",
            out var account
        )
            ? account
            : throw new CommandUsageException($"'{text}' is not an account: OWNER, or OWNER/TYPE.");

    /// <exception cref="CommandUsageException">It is no number from 1 to the most.</exception>
    public static long NumberOf(string text, string name, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1
        && number <= max
            ? number
            : throw new CommandUsageException($"{name}: '{text}' is not a number from 1 to {max}.");

    private static async Task<int> ShowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(1);
        var account = AccountOf(context.Line.Word(0, "OWNER"));
        var ledger = context.Get<CreditLedger>();
        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        var entries = await ledger
            .ReadHistoryAsync(account, null, HistoryLength, cancellationToken)
            .ConfigureAwait(false);
        var payments = await context
            .Get<AccountPayments>()
            .ListAsync(account, HistoryLength, cancellationToken)
            .ConfigureAwait(false);
        var merged = await ledger.FindMergedAsync([account], MaxMerged, cancellationToken).ConfigureAwait(false);
        var json = new JsonObject
        {
            ["account"] = account.Value,
            ["mergedInto"] = balance.MergedInto?.Value,
            ["merged"] = new JsonArray([.. merged.Select(m => JsonValue.Create(m.Value))]),
            ["balance"] = balance.Balance,
            ["reserved"] = balance.Reserved,
            ["nextExpiry"] = PaymentText.JsonOf(balance.NextExpiry),
            ["entries"] = new JsonArray([.. entries.Select(JsonOf)]),
            ["payments"] = new JsonArray([.. payments.Select(PaymentText.JsonOf)]),
        };
        await context
            .Output.WriteAsync(
                json,
                [
                    $"{account}: {balance.Balance} credits, {balance.Reserved} reserved",
                    .. balance.MergedInto is { } into ? [$"  closed: merged into {into}"] : Array.Empty<string>(),
                    .. merged.Select(m => $"  has what {m} had"),
                    .. entries.Select(e =>
                        $"  {PaymentText.TimeOf(e.At)}  {e.Kind, -8} {e.Credits, 8} -> {e.Balance, 8}  {e.Action}  {e.OperationId}"
                    ),
                    .. payments.Select(p => "  " + PaymentText.LineOf(p)),
                ]
            )
            .ConfigureAwait(false);
        return CommandExit.Good;
    }

    private static async Task<int> GrantAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(2, "key");
        var account = AccountOf(context.Line.Word(0, "OWNER"));
        var credits = NumberOf(context.Line.Word(1, "CREDITS"), "CREDITS", CreditCommand.MaxCredits);
        var result = await context
            .Get<CreditLedger>()
            .GrantAsync(account, IdOf(context), credits, ActionOf(context), null, cancellationToken)
            .ConfigureAwait(false);
        return await TellAsync(context, account, result).ConfigureAwait(false);
    }

    private static async Task<int> RevokeAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(3, "key");
        var account = AccountOf(context.Line.Word(0, "OWNER"));
        var grant = context.Line.Word(1, "GRANT");
        var credits = NumberOf(context.Line.Word(2, "CREDITS"), "CREDITS", CreditCommand.MaxCredits);
        if (grant.StartsWith("payment:", StringComparison.Ordinal))
        {
            // Money and credits of a payment go back together, or its refunds could not be counted any more.
            throw new CommandUsageException(
                $"GRANT: {grant} was paid for; send its money back: payments refund {grant["payment:".Length..]}"
            );
        }

        var result = await context
            .Get<CreditLedger>()
            .RevokeAsync(account, IdOf(context), grant, credits, ActionOf(context), cancellationToken)
            .ConfigureAwait(false);
        return await TellAsync(context, account, result).ConfigureAwait(false);
    }

    private static async Task<int> MergeAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(2);
        var source = AccountOf(context.Line.Word(0, "SOURCE"));
        var target = AccountOf(context.Line.Word(1, "TARGET"));
        CreditMergeResult result;
        try
        {
            result = await context
                .Get<AccountMerges>()
                .MergeAsync(source, target, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw new CommandUsageException(e.Message);
        }

        if (result.Status == CreditMergeStatus.Merged)
        {
            // Both accounts' logs tell of it, and the app's log of who did it.
            var logger = context.Get<ILogger<CreditLedger>>();
            var by = ActionOf(context);
            CreditLog.MergedBy(logger, source, target, by);
        }

        var hint = result.Status switch
        {
            CreditMergeStatus.Merged => $"{result.MergedInto} has what {source} had, which is closed.",
            CreditMergeStatus.AlreadyMerged => "That was done before.",
            CreditMergeStatus.ReservationsOpen => $"Work is running on {source}; try again when it has ended.",
            CreditMergeStatus.SourceClosed => $"{source} was merged into {result.MergedInto}.",
            _ => $"{target} was merged into {result.MergedInto}.",
        };
        await context
            .Output.WriteAsync(
                new JsonObject
                {
                    ["result"] = result.Status.ToString(),
                    ["account"] = source.Value,
                    ["mergedInto"] = result.MergedInto?.Value,
                    ["message"] = hint,
                },
                $"{result.Status}: {hint}"
            )
            .ConfigureAwait(false);
        return result.Succeeded ? CommandExit.Good : CommandExit.Bad;
    }

    private static async Task<int> TellAsync(CommandContext context, AccountId account, CreditResult result)
    {
        await context
            .Output.WriteAsync(
                new JsonObject
                {
                    ["result"] = result.Status.ToString(),
                    ["account"] = account.Value,
                    ["operationId"] = result.OperationId,
                    ["balance"] = result.Balance,
                    ["message"] = result.Error,
                },
                $"{result.Status}: {account} has {result.Balance} credits ({result.OperationId}). {result.Error}"
            )
            .ConfigureAwait(false);
        return result.Succeeded ? CommandExit.Good : CommandExit.Bad;
    }

    private static JsonNode JsonOf(CreditEntry entry) =>
        new JsonObject
        {
            ["at"] = PaymentText.JsonOf(entry.At),
            ["operationId"] = entry.OperationId,
            ["kind"] = entry.Kind.ToString().ToLowerInvariant(),
            ["action"] = entry.Action,
            ["credits"] = entry.Credits,
            ["balance"] = entry.Balance,
        };

    private static string IdOf(CommandContext context) =>
        "operator:" + (context.Line.Name("key", MaxKeyLength) ?? Guid.NewGuid().ToString("N"));

    /// <summary>Who did it, in the characters that an action of the log may have.</summary>
    private static string ActionOf(CommandContext context)
    {
        var by = string.Concat(
            context.Line.By.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' ? c : '-')
        );
        return ("operator:" + by) is var action && action.Length > CreditCommand.MaxActionLength
            ? action[..CreditCommand.MaxActionLength]
            : action;
    }
}
