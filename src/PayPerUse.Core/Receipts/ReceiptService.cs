using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Receipts;

/// <summary>
/// Issues what a payment's money asks for: a receipt once it is granted, a credit note for what went back since. However often and
/// wherever it is asked, each is issued once.
/// </summary>
/// <param name="store">Where receipts are kept.</param>
/// <param name="payments">Where payments are kept.</param>
/// <param name="seller">Who sells.</param>
/// <param name="clock">The clock.</param>
public sealed class ReceiptService(
    IReceiptStore store,
    IPaymentStore payments,
    IOptions<SellerOptions> seller,
    TimeProvider clock
)
{
    private const int MaxRounds = 100;

    /// <summary>Whether a seller is configured: without one there are no receipts.</summary>
    public bool IsOn => seller.Value.IsConfigured;

    /// <summary>The receipts of a payment, those included that were due and are issued now.</summary>
    /// <param name="paymentId">Our id of the payment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>In order of their positions; empty while the payment is not granted.</returns>
    /// <exception cref="PaymentStoreException">A store did not answer.</exception>
    public async Task<ImmutableArray<Receipt>> IssueAsync(string paymentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paymentId);
        for (var round = 0; round < MaxRounds; round++)
        {
            // The payment is read after its receipts, so that it is never older than what they were made of.
            var issued = await store.FindAsync([paymentId], cancellationToken).ConfigureAwait(false);
            var payment = await payments.FindAsync(paymentId, cancellationToken).ConfigureAwait(false);
            if (!IsOn || payment is null || NextOf(payment, issued) is not { } next)
            {
                return issued;
            }

            await store.TryIssueAsync(next, cancellationToken).ConfigureAwait(false);
        }

        throw new PaymentStoreException($"The receipts of payment {paymentId} keep changing; try again.");
    }

    /// <summary>Finds the receipts that were issued for payments.</summary>
    /// <param name="list">The payments, at most 1000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PaymentStoreException">The store did not answer.</exception>
    public async Task<ILookup<string, Receipt>> FindAsync(
        IReadOnlyCollection<Payment> list,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(list);
        var found =
            list.Count == 0
                ? []
                : await store.FindAsync([.. list.Select(p => p.Id)], cancellationToken).ConfigureAwait(false);
        return found.ToLookup(r => r.PaymentId, StringComparer.Ordinal);
    }

    /// <summary>What must be issued next; null when the receipts say what the money does.</summary>
    private Receipt? NextOf(Payment payment, ImmutableArray<Receipt> issued)
    {
        if (payment.GrantedAt is null)
        {
            return null;
        }

        var now = clock.GetUtcNowInMilliseconds();
        var before = issued.Sum(r => r.Signed);
        var after = payment.Price.Amount - (issued.Length == 0 ? 0 : payment.Refunded?.Amount ?? 0);
        if (before == after)
        {
            return null;
        }

        // A refund is of the sale's own rate. The VAT of all of them together is that of what is left, to the cent.
        var rate = issued.Length == 0 ? seller.Value.VatRate : issued[0].VatRate;
        return new Receipt
        {
            Series = SeriesOf(payment.Mode, now),
            PaymentId = payment.Id,
            Position = issued.Length + 1,
            Account = payment.Account,
            Kind =
                issued.Length == 0 ? ReceiptKind.Receipt
                : after < before ? ReceiptKind.CreditNote
                : ReceiptKind.Correction,
            Description = payment.Description,
            Credits = payment.Credits,
            Amount = new Money(Math.Abs(after - before), payment.Price.Currency),
            VatRate = rate,
            Vat = rate is { } percent ? Math.Abs(VatRule.In(after, percent) - VatRule.In(before, percent)) : 0,
            Seller = seller.Value.ToDetails(),
            IssuedAt = now,
        };
    }

    private string SeriesOf(PaymentMode mode, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(seller.Value.TimeZone);
        var year = TimeZoneInfo.ConvertTime(now, zone).Year;
        var test = mode == PaymentMode.Live ? "" : "TEST-";
        return string.Create(CultureInfo.InvariantCulture, $"{test}{seller.Value.SeriesPrefix}{year:0000}");
    }
}
