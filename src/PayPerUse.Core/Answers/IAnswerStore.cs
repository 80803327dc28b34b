using PayPerUse.Credits;

namespace PayPerUse.Answers;

/// <summary>Keeps paid answers. It decides nothing: an answer is saved before its charge, and the ledger says whether it was charged.</summary>
public interface IAnswerStore
{
    /// <summary>Keeps an answer durably. Saving for the same reservation again replaces it; other attempts of its id stay.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AnswerStoreException">The store did not answer; nothing is charged then.</exception>
    Task SaveAsync(KeptAnswer answer, CancellationToken cancellationToken);

    /// <summary>Finds the answer of exactly this reservation and attempt. One that expired may still be found until it is swept.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    Task<KeptAnswer?> FindAsync(ReservationId reservation, CancellationToken cancellationToken);

    /// <summary>Removes answers that have expired.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    Task<int> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Removes all answers of accounts, expired or not: who paid for them wants to be forgotten.</summary>
    /// <param name="accounts">Which accounts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    Task<int> RemoveAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellationToken);
}
