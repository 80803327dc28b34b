using System.Text.Json;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Accounts;

/// <summary>How a customer is told what became of credits and payments: one language of <c>words.json</c>.</summary>
internal sealed class AccountWords(Dictionary<string, string> words)
{
    private const string Default = "en";
    private static readonly Dictionary<string, AccountWords> All = Read();

    public static AccountWords In(string language) => All.GetValueOrDefault(language.Split('-')[0], All[Default]);

    /// <summary>Null for what an action used: that is called as the app calls it.</summary>
    public string? Of(CreditEntry entry)
    {
        var isPaid = entry.OperationId.StartsWith("payment:", StringComparison.Ordinal);
        var key = entry.Kind switch
        {
            CreditEntryKind.Grant => isPaid ? "paid" : "granted",
            CreditEntryKind.MergeIn or CreditEntryKind.MergeDebt or CreditEntryKind.MergeOut => "merged",
            CreditEntryKind.Revoke => isPaid ? "refunded" : "revoked",
            CreditEntryKind.Restore => "restored",
            CreditEntryKind.Expire => "expired",
            CreditEntryKind.Release or CreditEntryKind.Lapse or CreditEntryKind.Commit => "returned",
            _ => null,
        };
        return key is null ? null : words[key];
    }

    public string Of(PaymentStatus status) =>
        words[
            status switch
            {
                PaymentStatus.Paid => "status-paid",
                PaymentStatus.Refunded => "status-refunded",
                PaymentStatus.Pending or PaymentStatus.Processing => "status-pending",
                PaymentStatus.Review or PaymentStatus.Disputed => "status-review",
                _ => "status-ended",
            }
        ];

    private static Dictionary<string, AccountWords> Read()
    {
        using var file = typeof(AccountWords).Assembly.GetManifestResourceStream("PayPerUse.account-words.json")!;
        return JsonSerializer
            .Deserialize<Dictionary<string, Dictionary<string, string>>>(file)!
            .ToDictionary(l => l.Key, l => new AccountWords(l.Value), StringComparer.Ordinal);
    }
}
