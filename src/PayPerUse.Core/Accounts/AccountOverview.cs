using System.Collections.Immutable;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Accounts;

/// <summary>What an account page shows.</summary>
/// <param name="Balance">The credits, and when the first of them expire.</param>
/// <param name="History">What changed the balance, newest first.</param>
/// <param name="Payments">The payments, newest first, also those of accounts that were merged into this one.</param>
public sealed record AccountOverview(
    CreditBalance Balance,
    ImmutableArray<AccountLine> History,
    ImmutableArray<AccountPayment> Payments
)
{
    /// <summary>Whether the time to withdraw runs for a payment, whatever is left of it.</summary>
    public bool CanWithdraw => Payments.Any(p => p.Withdrawal is { IsInTime: true });
}

/// <summary>A change to the balance.</summary>
/// <param name="Entry">What the ledger recorded.</param>
/// <param name="Text">What happened, in a word or two.</param>
public sealed record AccountLine(CreditEntry Entry, string Text);

/// <summary>A payment as its customer sees it.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="StatusText">Where it stands, in a few words.</param>
/// <param name="HasReceipt">Whether <c>/payments/{id}/receipt</c> shows a receipt.</param>
/// <param name="Withdrawal">What would come back now; null when it is not paid, or the app offers no withdrawal.</param>
public sealed record AccountPayment(Payment Payment, string StatusText, bool HasReceipt, WithdrawalQuote? Withdrawal);
