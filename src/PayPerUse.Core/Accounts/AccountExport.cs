using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Commands;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Accounts;

/// <summary>Everything that is kept of an account, for the person behind it.</summary>
/// <param name="ledger">Where credits are.</param>
/// <param name="payments">The account's payments.</param>
/// <param name="receipts">Their receipts.</param>
/// <param name="scopes">Makes the app's <see cref="IAccountData"/>.</param>
public sealed class AccountExport(
    CreditLedger ledger,
    AccountPayments payments,
    ReceiptService receipts,
    IServiceScopeFactory scopes
)
{
    private const int PageSize = 200;

    /// <summary>
    /// Reads it as JSON: <c>account</c>, <c>credits</c>, <c>history</c> and <c>payments</c>, newest first, the history of accounts that
    /// were <c>merged</c> into this one, and what the app keeps itself, by its name (<see cref="IAccountData"/>).
    /// </summary>
    /// <param name="account">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PayPerUseException">A store did not answer.</exception>
    public async Task<JsonObject> ReadAsync(AccountId account, CancellationToken cancellationToken)
    {
        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        var data = new JsonObject
        {
            ["account"] = account.Value,
            ["credits"] = new JsonObject
            {
                ["balance"] = balance.Balance,
                ["reserved"] = balance.Reserved,
                ["nextExpiry"] = PaymentText.JsonOf(balance.NextExpiry),
                ["grants"] = new JsonArray([.. balance.Grants.Select(Of)]),
            },
            ["history"] = await HistoryAsync(account, cancellationToken).ConfigureAwait(false),
            ["merged"] = await MergedAsync(account, cancellationToken).ConfigureAwait(false),
            ["payments"] = await PaymentsAsync(account, cancellationToken).ConfigureAwait(false),
        };
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            foreach (var own in scope.ServiceProvider.GetServices<IAccountData>())
            {
                data.Add(own.Name, await own.ReadAsync(account.Owner, cancellationToken).ConfigureAwait(false));
            }
        }

        return data;
    }

    private async Task<JsonArray> HistoryAsync(AccountId account, CancellationToken cancellationToken)
    {
        var history = new JsonArray();
        long? before = null;
        while (true)
        {
            var page = await ledger
                .ReadHistoryAsync(account, before, PageSize, cancellationToken)
                .ConfigureAwait(false);
            foreach (var entry in page)
            {
                history.Add(
                    (JsonNode)
                        new JsonObject
                        {
                            ["operationId"] = entry.OperationId,
                            ["kind"] = entry.Kind.ToString().ToLowerInvariant(),
                            ["action"] = entry.Action,
                            ["credits"] = entry.Credits,
                            ["balance"] = entry.Balance,
                            ["at"] = PaymentText.JsonOf(entry.At),
                        }
                );
                before = entry.Sequence;
            }

            if (page.Length < PageSize)
            {
                return history;
            }
        }
    }

    private async Task<JsonArray> MergedAsync(AccountId account, CancellationToken cancellationToken)
    {
        var list = new JsonArray();
        foreach (var merged in await ledger.FindAllMergedAsync(account, cancellationToken).ConfigureAwait(false))
        {
            list.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["account"] = merged.Value,
                        ["history"] = await HistoryAsync(merged, cancellationToken).ConfigureAwait(false),
                    }
            );
        }

        return list;
    }

    private async Task<JsonArray> PaymentsAsync(AccountId account, CancellationToken cancellationToken)
    {
        var list = new JsonArray();
        PaymentPosition? before = null;
        while (true)
        {
            var page = await payments.ListAsync(account, before, PageSize, cancellationToken).ConfigureAwait(false);
            var issued = await receipts.FindAsync(page, cancellationToken).ConfigureAwait(false);
            foreach (var payment in page)
            {
                var json = PaymentText.JsonOf(payment);
                json["language"] = payment.Language;
                json["consent"] = payment.Consent is null
                    ? null
                    : new JsonObject
                    {
                        ["version"] = payment.Consent,
                        ["text"] = payment.ConsentText,
                        ["at"] = PaymentText.JsonOf(payment.ConsentedAt),
                    };
                json["receipts"] = new JsonArray([.. issued[payment.Id].Select(Of)]);
                list.Add((JsonNode)json);
                before = new PaymentPosition(payment.CreatedAt, payment.Id);
            }

            if (page.Length < PageSize)
            {
                return list;
            }
        }
    }

    private static JsonNode Of(CreditGrant grant) =>
        new JsonObject
        {
            ["id"] = grant.Id,
            ["source"] = grant.Source,
            ["credits"] = grant.Credits,
            ["free"] = grant.Free,
            ["reserved"] = grant.Reserved,
            ["grantedAt"] = PaymentText.JsonOf(grant.GrantedAt),
            ["expiresAt"] = PaymentText.JsonOf(grant.UsableUntil),
        };

    private static JsonNode Of(Receipt receipt) =>
        new JsonObject
        {
            ["number"] = receipt.Number,
            ["kind"] = receipt.Kind.ToString(),
            ["issuedAt"] = PaymentText.JsonOf(receipt.IssuedAt),
            ["amount"] = PaymentText.JsonOf(receipt.Amount),
            ["vat"] = receipt.Vat,
        };
}
