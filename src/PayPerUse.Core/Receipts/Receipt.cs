using System.Globalization;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Receipts;

/// <summary>What a receipt is about.</summary>
public enum ReceiptKind
{
    /// <summary>The price of a payment.</summary>
    Receipt = 1,

    /// <summary>Money of it that went back, or is on its way back.</summary>
    CreditNote = 2,

    /// <summary>Money of a credit note that did not go back after all.</summary>
    Correction = 3,
}

/// <summary>
/// A numbered document of one payment: issued once, never changed. All that stands on it is frozen with it.
/// </summary>
public sealed record Receipt
{
    /// <summary>The series, such as <c>2026</c>. Each begins at 1 and has no gaps; pretend money has series of its own.</summary>
    public required string Series { get; init; }

    /// <summary>The number in its series; 0 until the store has given one.</summary>
    public long Sequence { get; init; }

    /// <summary>Our id of the payment.</summary>
    public required string PaymentId { get; init; }

    /// <summary>1 for the payment's receipt, then its credit notes and corrections.</summary>
    public required int Position { get; init; }

    /// <summary>Whose payment.</summary>
    public required AccountId Account { get; init; }

    /// <summary>What it is about.</summary>
    public required ReceiptKind Kind { get; init; }

    /// <summary>What was bought.</summary>
    public required string Description { get; init; }

    /// <summary>How many credits the payment bought.</summary>
    public required long Credits { get; init; }

    /// <summary>How much, VAT included.</summary>
    public required Money Amount { get; init; }

    /// <summary>The VAT in it, in percent; null when none is charged.</summary>
    public decimal? VatRate { get; init; }

    /// <summary>The VAT in it, in minor units.</summary>
    public long Vat { get; init; }

    /// <summary>The seller on that day.</summary>
    public required SellerDetails Seller { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>What people read, such as <c>2026-000123</c>.</summary>
    public string Number => string.Create(CultureInfo.InvariantCulture, $"{Series}-{Sequence:000000}");

    /// <summary>The amount without VAT.</summary>
    public Money Net => new(Amount.Amount - Vat, Amount.Currency);

    /// <summary>The amount as it counts in the books: below 0 for a credit note.</summary>
    internal long Signed => Kind == ReceiptKind.CreditNote ? -Amount.Amount : Amount.Amount;
}
