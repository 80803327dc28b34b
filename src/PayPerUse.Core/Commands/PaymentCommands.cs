using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Commands;

/// <summary><c>payments …</c></summary>
internal static class PaymentCommands
{
    private const int MaxLimit = 1000;

    public static readonly ImmutableArray<Command> All =
    [
        new(
            "payments list",
            "[--status STATUS | --owed] [--account OWNER] [--limit 50]",
            "The newest payments, such as those in review; or those of which money must be transferred by hand. An account's own include those of accounts that were merged into it.",
            ListAsync
        ),
        new("payments show", "ID", "One payment with its history.", ShowAsync),
        new("payments recheck", "ID [--by NAME]", "Asks the provider now, and does what follows.", RecheckAsync),
        new(
            "payments resolve",
            "ID grant|refund [--by NAME]",
            "Decides about a payment in review: its credits are granted, or its money is sent back.",
            ResolveAsync
        ),
        new(
            "payments refund",
            "ID [--amount 0.40 | --unspent] [--key KEY] [--by NAME]",
            "Sends the whole payment, an amount, or the price of its unspent credits back through the provider.",
            RefundAsync
        ),
        new(
            "payments record-refund",
            "ID --amount 0.40 --reference REFERENCE [--by NAME]",
            "Records a refund made by hand where it cannot be seen; the same reference counts once.",
            RecordRefundAsync
        ),
    ];

    private static async Task<int> ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var line = context.Line;
        line.Demand(0, "status", "owed", "account", "limit");
        var status = line.Option("status") is { } name
            ? Enum.TryParse<PaymentStatus>(name, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed)
                ? parsed
                : throw new CommandUsageException(
                    $"--status: '{name}' is none of {string.Join(", ", Enum.GetValues<PaymentStatus>().Select(PaymentText.NameOf))}."
                )
            : (PaymentStatus?)null;
        if (status is not null && line.Has("owed"))
        {
            throw new CommandUsageException("--status and --owed exclude each other.");
        }

        var limit = (int)AccountCommands.NumberOf(line.Option("limit") ?? "50", "--limit", MaxLimit);
        var shown =
            line.Option("account") is { } owner
                ? await ListOfAsync(
                        context,
                        AccountCommands.AccountOf(owner),
                        p => (status is null || p.Status == status) && (!line.Has("owed") || p.Refunds.Owed > 0),
                        limit,
                        cancellationToken
                    )
                    .ConfigureAwait(false)
            : line.Has("owed")
                ? await context.Get<IPaymentPages>().ListOwedAsync(limit, cancellationToken).ConfigureAwait(false)
            : await context.Get<IPaymentStore>().ListAsync(status, limit, cancellationToken).ConfigureAwait(false);
        await context
            .Output.WriteAsync(
                new JsonArray([.. shown.Select(PaymentText.JsonOf)]),
                [.. shown.Select(PaymentText.LineOf), $"{shown.Count} payment(s)."]
            )
            .ConfigureAwait(false);
        return CommandExit.Good;
    }

    /// <summary>The newest that are wanted of the account, or of the one that it was merged into.</summary>
    private static async Task<IReadOnlyList<Payment>> ListOfAsync(
        CommandContext context,
        AccountId account,
        Func<Payment, bool> isWanted,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var owner = await context
            .Get<CreditLedger>()
            .FindCurrentAsync(account, cancellationToken)
            .ConfigureAwait(false);
        var payments = context.Get<AccountPayments>();
        var wanted = new List<Payment>();
        PaymentPosition? before = null;
        while (true)
        {
            var page = await payments.ListAsync(owner, before, MaxLimit, cancellationToken).ConfigureAwait(false);
            wanted.AddRange(page.Where(isWanted).Take(limit - wanted.Count));
            if (wanted.Count == limit || page.Length < MaxLimit)
            {
                return wanted;
            }

            before = new PaymentPosition(page[^1].CreatedAt, page[^1].Id);
        }
    }

    private static async Task<int> ShowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(1);
        var store = context.Get<IPaymentStore>();
        var id = IdOf(context);
        if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } payment)
        {
            return await TellAsync(context, new(PaymentOrderStatus.NotFound)).ConfigureAwait(false);
        }

        var events = await store.ReadEventsAsync(id, cancellationToken).ConfigureAwait(false);
        var json = PaymentText.JsonOf(payment);
        json["events"] = new JsonArray([.. events.Select(PaymentText.JsonOf)]);
        await context.Output.WriteAsync(json, PaymentText.LinesOf(payment, events)).ConfigureAwait(false);
        return CommandExit.Good;
    }

    private static async Task<int> RecheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(1);
        var result = await context
            .Get<PaymentService>()
            .RecheckAsync(IdOf(context), ByOf(context), cancellationToken)
            .ConfigureAwait(false);
        return await TellAsync(context, result).ConfigureAwait(false);
    }

    private static async Task<int> ResolveAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(2);
        var id = IdOf(context);
        var resolution = context.Line.Word(1, "grant or refund") switch
        {
            "grant" => PaymentResolution.Grant,
            "refund" => PaymentResolution.Refund,
            var other => throw new CommandUsageException($"'{other}' is neither grant nor refund."),
        };
        var result = await context
            .Get<PaymentService>()
            .ResolveAsync(id, resolution, ByOf(context), cancellationToken)
            .ConfigureAwait(false);
        return await TellAsync(context, result).ConfigureAwait(false);
    }

    private static async Task<int> RefundAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var line = context.Line;
        line.Demand(1, "amount", "unspent", "key");
        if (line.Has("amount") && line.Has("unspent"))
        {
            throw new CommandUsageException("--amount and --unspent exclude each other.");
        }

        var id = IdOf(context);
        var amount = await AmountAsync(context, id, cancellationToken).ConfigureAwait(false);
        var result = await context
            .Get<PaymentService>()
            .RefundAsync(
                new RefundOrder(
                    id,
                    line.Has("unspent") ? RefundExtent.Unspent
                        : amount is null ? RefundExtent.Whole
                        : RefundExtent.Amount,
                    ByOf(context)
                )
                {
                    Amount = amount,
                    RequestKey = line.Name("key", PaymentService.MaxKeyLength),
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return await TellAsync(context, result).ConfigureAwait(false);
    }

    private static async Task<int> RecordRefundAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var line = context.Line;
        line.Demand(1, "amount", "reference");
        var id = IdOf(context);
        var reference =
            line.Name("reference", PaymentService.MaxReferenceLength)
            ?? throw new CommandUsageException("--reference is missing.");
        var amount =
            await AmountAsync(context, id, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandUsageException("--amount is missing.");
        var result = await context
            .Get<PaymentService>()
            .RecordRefundAsync(id, amount, reference, ByOf(context), cancellationToken)
            .ConfigureAwait(false);
        return await TellAsync(context, result).ConfigureAwait(false);
    }

    private static async Task<int> TellAsync(CommandContext context, PaymentOrderResult result)
    {
        var json = new JsonObject
        {
            ["result"] = result.Status.ToString(),
            ["message"] = result.Message,
            ["payment"] = result.Payment is { } payment ? PaymentText.JsonOf(payment) : null,
            ["refund"] = result.Refund is { } refund ? PaymentText.JsonOf(refund) : null,
        };
        await context
            .Output.WriteAsync(
                json,
                [
                    result.Status == PaymentOrderStatus.NotFound
                        ? "There is no such payment."
                        : $"{result.Status}{(result.Message is null ? "." : ": " + result.Message)}",
                    .. result.Payment is { } shown ? [PaymentText.LineOf(shown)] : Array.Empty<string>(),
                ]
            )
            .ConfigureAwait(false);
        return result.Status switch
        {
            PaymentOrderStatus.Done or PaymentOrderStatus.Pending => CommandExit.Good,
            PaymentOrderStatus.Unavailable => CommandExit.Unavailable,
            _ => CommandExit.Bad,
        };
    }

    /// <summary>In the payment's own currency, in its major unit with at most two decimals.</summary>
    private static async Task<Money?> AmountAsync(
        CommandContext context,
        string id,
        CancellationToken cancellationToken
    )
    {
        if (context.Line.Option("amount") is not { } text)
        {
            return null;
        }

        var isAmount = decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var major
        );
        if (!isAmount || major is <= 0 or > 1_000_000 || !decimal.IsInteger(major * 100))
        {
            throw new CommandUsageException($"--amount: '{text}' is not an amount such as 0.40.");
        }

        var payment = await context.Get<IPaymentStore>().FindAsync(id, cancellationToken).ConfigureAwait(false);
        return new Money((long)(major * 100), payment?.Price.Currency ?? "EUR");
    }

    private static string IdOf(CommandContext context) =>
        context.Line.Word(0, "ID") is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower)
            ? id
            : throw new CommandUsageException("ID: a payment's id has 32 characters out of 0-9 and a-f.");

    private static string ByOf(CommandContext context) => context.Line.ByOf(PaymentService.MaxByLength);
}
