using System.Collections.Immutable;
using PayPerUse.Payments;

namespace PayPerUse.Accounts;

/// <summary>What a deletion came to.</summary>
/// <param name="Status">How it ended.</param>
public sealed record AccountDeletionResult(AccountDeletionStatus Status)
{
    /// <summary>
    /// The payments that could not be called off: paid after all, which does not stand in the way when it is asked again, or of a
    /// provider that does not answer.
    /// </summary>
    public ImmutableArray<Payment> Payments { get; init; } = [];

    /// <summary>Whether all is deleted; else nothing is.</summary>
    public bool IsDeleted => Status == AccountDeletionStatus.Deleted;
}

/// <summary>How a deletion ended.</summary>
public enum AccountDeletionStatus
{
    /// <summary>All is deleted.</summary>
    Deleted = 1,

    /// <summary>Nothing is: payments could not be called off. Ask again in a few minutes.</summary>
    PaymentsUnderWay = 2,

    /// <summary>Nothing is: something is being made with the account's credits. Ask again once it is done.</summary>
    WorkUnderWay = 3,
}
