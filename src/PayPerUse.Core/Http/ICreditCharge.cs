using PayPerUse.Credits;

namespace PayPerUse.Http;

/// <summary>The charge of the request that runs now.</summary>
public interface ICreditCharge
{
    /// <summary>Whose credits.</summary>
    AccountId Account { get; }

    /// <summary>The operation's id as clients and history know it: the Idempotency-Key, or the one that was made for it.</summary>
    string OperationId { get; }

    /// <summary>What the credits are for.</summary>
    string Action { get; }

    /// <summary>How many credits are reserved.</summary>
    long Reserved { get; }
}
