using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using PayPerUse.Payconiq.Wire;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>
/// The reconciliation of refunds: tells of those that were made in Bancontact's portal. A cursor is the first day that is read
/// again, and a page number: <c>2026-11-24/0</c>.
/// </summary>
internal sealed partial class PayconiqProvider : IReversalFeed
{
    private const int FirstDays = 7;

    // A refund may be listed some days after the day it is listed under.
    private const int DaysAgain = 3;

    public bool IsReadable => signer.CanSign && options.Value.IsReachable();

    public async Task<ReversalPage> ReadReversalsAsync(string? cursor, CancellationToken cancellationToken)
    {
        var today = Today;
        var (from, page) = Read(cursor) ?? (today.AddDays(-FirstDays), 0);
        var last = from.AddDays(PayconiqRefundClient.MaxDays);
        var isLast = last > today;
        var list = await refunds
            .ListAsync(from, isLast ? today.AddDays(1) : last, page, Issuer, cancellationToken)
            .ConfigureAwait(false);
        var notices = list.Refunds!.Where(r =>
                r.PaymentProfileId is null || r.PaymentProfileId == options.Value.ProfileId
            )
            .Where(r => r.PaymentId is { Length: > 0 } && r.RefundId is { Length: > 0 } && r.Amount > 0)
            .Where(r => (r.Currency ?? "EUR") == "EUR")
            .Select(r => new ReversalNotice { ProviderPaymentId = r.PaymentId, Refund = ToRefund(r) })
            .ToImmutableArray();
        if (page + 1 < (list.TotalPages ?? 1))
        {
            return new ReversalPage(notices, Write(from, page + 1), HasMore: true);
        }

        var again = today.AddDays(-DaysAgain);
        var next =
            !isLast ? last
            : again > from ? again
            : from;
        return new ReversalPage(notices, Write(next, 0), HasMore: !isLast);
    }

    public string Rewind(string cursor, DateTimeOffset to)
    {
        var day = DayOf(to).AddDays(-1);
        return Read(cursor) is { } at && at.From <= day && at.Page == 0 ? cursor : Write(day, 0);
    }

    private static ProviderRefund ToRefund(ListedRefund listed) =>
        new()
        {
            ProviderRefundId = listed.RefundId!,

            // It is listed because its money moved.
            Status = PaymentRefundStatus.Succeeded,
            Amount = new Money(listed.Amount!.Value, "EUR"),
            Reference = listed.Description is { } text && OurRefundId().IsMatch(text) ? text : null,
        };

    private static (DateOnly From, int Page)? Read(string? cursor) =>
        cursor?.Split('/') is [var day, var page]
        && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from)
        && int.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (from, number)
            : null;

    private static string Write(DateOnly from, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd}/{page}");

    [GeneratedRegex(@"^[0-9a-f]{32}-r[0-9]{1,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OurRefundId();
}
