using System.Text;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.EfCore.Payments;

/// <summary>Between rows and payments.</summary>
internal static class PaymentRowMapping
{
    public const int MaxDetailLength = 500;
    public const int MaxByLength = 64;

    public static Payment ToPayment(this PaymentRow row) =>
        new()
        {
            Id = row.Id,
            Account = AccountId.Parse(row.Account),
            Pack = row.Pack,
            Credits = row.Credits,
            Price = new Money(row.Amount, row.Currency),
            Lifetime = row.LifetimeMilliseconds is { } lifetime ? TimeSpan.FromMilliseconds(lifetime) : null,
            Provider = row.Provider,
            Mode = (PaymentMode)row.Mode,
            Description = row.Description,
            CallbackUrl = new Uri(row.CallbackUrl),
            ReturnPageUrl = new Uri(row.ReturnPageUrl),
            ReturnUrl = row.ReturnUrl,
            Consent = row.Consent,
            ConsentText = row.ConsentText,
            ConsentedAt = ToInstant(row.ConsentedAt),
            Language = row.Language,
            RequestKey = row.RequestKey,
            CreatedAt = ToInstant(row.CreatedAt)!.Value,
            ExpiresAt = ToInstant(row.ExpiresAt)!.Value,
            Status = (PaymentStatus)row.Status,
            OpenKey = row.OpenKey,
            ProviderPaymentId = row.ProviderPaymentId,
            CheckoutUrl = row.CheckoutUrl is { } url ? new Uri(url) : null,
            PaidAt = ToInstant(row.PaidAt),
            Refunded = row.RefundedAmount is { } refunded ? new Money(refunded, row.Currency) : null,
            Disputed = row.DisputedAmount is { } disputed ? new Money(disputed, row.Currency) : null,
            ReversedCredits = row.ReversedCredits,
            Reversals = row.Reversals,
            Reversal = row.Reversal is { } credits
                ? new PaymentReversal(
                    row.Reversals,
                    credits > 0 ? PaymentReversalKind.Revoke : PaymentReversalKind.Restore,
                    Math.Abs(credits)
                )
                : null,
            Refunds = PaymentRefundJson.Read(row.Refunds, row.Currency),
            ChargeId = row.ChargeId,
            GrantedAt = ToInstant(row.GrantedAt),
            IsAccepted = row.IsAccepted,
            CheckedAt = ToInstant(row.CheckedAt),
            NextCheckAt = ToInstant(row.NextCheckAt),
            Version = row.Version,
        };

    public static PaymentRow ToRow(this Payment payment) =>
        new()
        {
            Id = payment.Id,
            Account = payment.Account.Value,
            Pack = payment.Pack,
            Credits = payment.Credits,
            Amount = payment.Price.Amount,
            Currency = payment.Price.Currency,
            LifetimeMilliseconds = (long?)payment.Lifetime?.TotalMilliseconds,
            Provider = payment.Provider,
            Mode = (short)payment.Mode,
            Description = payment.Description,
            CallbackUrl = payment.CallbackUrl.AbsoluteUri,
            ReturnPageUrl = payment.ReturnPageUrl.AbsoluteUri,
            ReturnUrl = payment.ReturnUrl,
            Consent = payment.Consent,
            ConsentText = payment.ConsentText,
            ConsentedAt = payment.ConsentedAt?.ToUnixTimeMilliseconds(),
            Language = payment.Language,
            RequestKey = payment.RequestKey,
            CreatedAt = payment.CreatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = payment.ExpiresAt.ToUnixTimeMilliseconds(),
            Status = (short)payment.Status,
            OpenKey = payment.OpenKey,
            ProviderPaymentId = payment.ProviderPaymentId,
            CheckoutUrl = payment.CheckoutUrl?.AbsoluteUri,
            PaidAt = payment.PaidAt?.ToUnixTimeMilliseconds(),
            RefundedAmount = payment.Refunded?.Amount,
            DisputedAmount = payment.Disputed?.Amount,
            ReversedCredits = payment.ReversedCredits,
            Reversals = payment.Reversals,
            Reversal = payment.Reversal is { } reversal
                ? reversal.Kind == PaymentReversalKind.Revoke
                    ? reversal.Credits
                    : -reversal.Credits
                : null,
            Refunds = PaymentRefundJson.Write(payment.Refunds),
            OwedAmount = payment.Refunds.Owed is > 0 and var owed ? owed : null,
            ChargeId = payment.ChargeId,
            GrantedAt = payment.GrantedAt?.ToUnixTimeMilliseconds(),
            IsAccepted = payment.IsAccepted,
            CheckedAt = payment.CheckedAt?.ToUnixTimeMilliseconds(),
            NextCheckAt = payment.NextCheckAt?.ToUnixTimeMilliseconds(),
            Version = payment.Version,
        };

    public static PaymentEventRow ToRow(this PaymentEvent change) =>
        new()
        {
            PaymentId = change.PaymentId,
            From = (short?)change.From,
            To = (short)change.To,
            Trigger = (short)change.Trigger,
            Detail = change.Detail is null ? null : ToStorable(change.Detail, MaxDetailLength),
            At = change.At.ToUnixTimeMilliseconds(),
            By = change.By is null ? null : ToStorable(change.By, MaxByLength),
            Notice = (short?)change.Notice,
            NoticeAt = change.Notice is null ? null : change.At.ToUnixTimeMilliseconds(),
        };

    public static PaymentEvent ToEvent(this PaymentEventRow row) =>
        new(
            row.PaymentId,
            (PaymentStatus?)row.From,
            (PaymentStatus)row.To,
            (PaymentTrigger)row.Trigger,
            row.Detail,
            ToInstant(row.At)!.Value,
            row.By
        );

    /// <summary>Cuts between characters and drops what a database cannot hold: a provider's own words can be in it.</summary>
    private static string ToStorable(string detail, int maxLength)
    {
        var text = new StringBuilder(Math.Min(detail.Length, maxLength));
        foreach (var rune in detail.EnumerateRunes())
        {
            var kept = rune.Value == 0 ? Rune.ReplacementChar : rune;
            if (text.Length + kept.Utf16SequenceLength > maxLength)
            {
                break;
            }

            text.Append(kept);
        }

        return text.ToString();
    }

    private static DateTimeOffset? ToInstant(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
