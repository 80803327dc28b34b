using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Keeps credits. Each account's commands apply atomically and in order.</summary>
/// <remarks>
/// An implementation loads what <see cref="LoadedCreditAccount"/> asks for, calls <see cref="CreditBatch.Apply"/> and saves the
/// changes. The conformance suite proves it.
/// </remarks>
public interface ICreditStore
{
    /// <summary>Applies a batch durably. Runs on the thread of whoever asked: what blocks goes to a thread of its own.</summary>
    /// <param name="batch">Commands, checked before. A store may split them by account.</param>
    /// <param name="cancellationToken">Ends the wait; what was applied stays.</param>
    /// <returns>An outcome for each command, in order: a result, or the failure of its account.</returns>
    /// <exception cref="CreditStoreException">Nothing of the batch has a known outcome.</exception>
    Task<ImmutableArray<CreditOutcome>> ApplyAsync(CreditBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads an account as of now, with what is due already gone.</summary>
    /// <param name="account">Which account; a missing one is empty.</param>
    /// <param name="policy">The numbers to follow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<CreditBalance> ReadBalanceAsync(AccountId account, CreditPolicy policy, CancellationToken cancellationToken);

    /// <summary>Reads an account's log, newest first.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="before">Only entries with a smaller sequence; null starts at the newest.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before,
        int limit,
        CancellationToken cancellationToken
    );
}

/// <summary>Tells which accounts changed, cheaply, so that a host can watch all of its accounts with one query.</summary>
public interface ICreditVersions
{
    /// <summary>Reads the versions of accounts; an account without a row has version 0 or is left out.</summary>
    /// <param name="accounts">Which accounts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyDictionary<AccountId, long>> ReadVersionsAsync(
        IReadOnlyCollection<AccountId> accounts,
        CancellationToken cancellationToken
    );
}

/// <summary>Finds accounts on which something is due, for the sweeper.</summary>
public interface IDueCredits
{
    /// <summary>Finds accounts with an open reservation past its deadline or a live grant past its end.</summary>
    /// <param name="limit">How many accounts at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>How one command ended in a store: with a result, or with its account's failure.</summary>
public readonly record struct CreditOutcome
{
    /// <summary>The result; null when the account failed.</summary>
    public CreditResult? Result { get; private init; }

    /// <summary>Why the account failed; null when there is a result.</summary>
    public CreditStoreException? Error { get; private init; }

    /// <summary>A result.</summary>
    /// <param name="result">The result.</param>
    public static CreditOutcome Of(CreditResult result) => new() { Result = result };

    /// <summary>A failure.</summary>
    /// <param name="error">Why.</param>
    public static CreditOutcome Failed(CreditStoreException error) => new() { Error = error };
}

/// <summary>An account as readers see it.</summary>
/// <param name="Balance">Free credits minus debt.</param>
/// <param name="Reserved">Credits set aside by open reservations.</param>
/// <param name="NextExpiry">When the next free credits end; null when none do.</param>
/// <param name="Version">Goes up with every change.</param>
public sealed record CreditBalance(long Balance, long Reserved, DateTimeOffset? NextExpiry, long Version)
{
    /// <summary>The account that this one was merged into, and by that closed; null while it is open.</summary>
    public AccountId? MergedInto { get; init; }

    /// <summary>When the balance next changes by time alone (an expiry or a lapse); null when it does not.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>The grants of which credits are free or reserved, in burn order.</summary>
    public ImmutableArray<CreditGrant> Grants { get; init; } = [];

    /// <summary>Reads an account as of a moment.</summary>
    /// <param name="account">The account, with its live grants and all its open reservations.</param>
    /// <param name="now">The moment.</param>
    /// <param name="policy">The numbers to follow.</param>
    public static CreditBalance Of(CreditAccount account, DateTimeOffset now, CreditPolicy policy)
    {
        var settled = CreditRules.Settle(account, now, policy);
        var nextExpiry = settled.Grants.Where(g => g.Free > 0).Min(g => g.UsableUntil);
        var nextLapse = settled
            .Reservations.Values.Where(r => r.State == ReservationState.Open)
            .Min(r => (DateTimeOffset?)r.Deadline);
        return new CreditBalance(settled.Balance, settled.Reserved, nextExpiry, account.Version)
        {
            MergedInto = account.MergedInto,
            NextDue = nextExpiry < nextLapse ? nextExpiry : nextLapse ?? nextExpiry,
            Grants = Live(settled.Grants),
        };
    }

    // The empty array itself, so that balances of empty accounts are equal.
    private static ImmutableArray<CreditGrant> Live(ImmutableArray<CreditGrant> grants) =>
        grants.RemoveAll(static g => g is { Free: 0, Reserved: 0 }) is { IsEmpty: false } live ? live : [];
}

/// <summary>Whether a failed operation took effect.</summary>
public enum CreditOperationOutcome
{
    /// <summary>It did not and will not.</summary>
    NotApplied = 1,

    /// <summary>It may have; ask again with the same id.</summary>
    Unknown = 2,
}

/// <summary>A store could not answer. The action must not run.</summary>
public sealed class CreditStoreException : PayPerUseException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="isTransient">Whether the same batch may succeed when tried again.</param>
    /// <param name="outcome">Whether it took effect.</param>
    /// <param name="innerException">The cause.</param>
    public CreditStoreException(
        string message,
        bool isTransient,
        CreditOperationOutcome outcome,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        IsTransient = isTransient;
        Outcome = outcome;
    }

    /// <summary>Whether the same batch may succeed when tried again.</summary>
    public bool IsTransient { get; }

    /// <summary>Whether it took effect.</summary>
    public CreditOperationOutcome Outcome { get; }

    /// <summary>The id to ask again with, when the failure is of one operation.</summary>
    public string? OperationId { get; init; }
}
