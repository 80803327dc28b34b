namespace PayPerUse.Payments;

/// <summary>
/// What a provider says of the money of one payment that went back, as it stands now: sums, not events, so that it does not matter
/// which messages arrived, how often and in what order. The credits follow by the rule in <see cref="ReversalRule"/>.
/// </summary>
public sealed record ProviderReversals
{
    /// <summary>All refunds that have not failed, pending ones too. In the payment's currency.</summary>
    public required Money Refunded { get; init; }

    /// <summary>
    /// What disputes have withdrawn from us, less what was given back to us. An inquiry has withdrawn nothing.
    /// </summary>
    public required Money Disputed { get; init; }

    /// <summary>
    /// What is in dispute without having been withdrawn: inquiries, and disputes whose money has not moved yet. Counts only
    /// where <see cref="PayPerUseOptions.HoldCreditsInDispute"/> says so.
    /// </summary>
    public Money? Contested { get; init; }
}
