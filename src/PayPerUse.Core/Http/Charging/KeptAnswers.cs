using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PayPerUse.Answers;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;

namespace PayPerUse.Http.Charging;

/// <summary>Keeps the answers of endpoints that say so, and gives them again.</summary>
/// <remarks>
/// Saved before the commit, under the reservation's own attempt, and found only by the attempt that the ledger says was committed.
/// So a host that dies between the two leaves an answer that nobody is given, and one that dies after the commit leaves an answer
/// that the same key is given. The ledger is the only mark; there is no second one that could differ.
/// </remarks>
internal sealed class KeptAnswers(
    IAnswerStore store,
    AnswerSweep sweep,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<KeptAnswers> logger
)
{
    /// <summary>Fails closed, at start where endpoints are known by then: what is sold is never kept in the clear.</summary>
    public IDataProtectionProvider Protection =>
        services.GetService<IDataProtectionProvider>()
        ?? throw new InvalidOperationException(
            "KeepAnswer needs builder.Services.AddDataProtection(), with keys that outlive the host and that all hosts share."
        );

    /// <summary>Called for every endpoint that keeps answers.</summary>
    public void Begin()
    {
        _ = Protection;
        sweep.Begin();
    }

    /// <summary>Keeps an answer that is about to be charged. Not with the request's token: a client that leaves decides nothing.</summary>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    public Task SaveAsync(ReservationId reservation, HttpAnswer answer, TimeSpan time)
    {
        sweep.Begin();
        return store.SaveAsync(
            new KeptAnswer(
                reservation,
                CreditTime.Floor(clock.GetUtcNow() + time),
                ProtectorOf(reservation).Protect(answer.ToBytes())
            ),
            CancellationToken.None
        );
    }

    /// <summary>The answer of a reservation that the ledger says was committed; null when it is not kept (any more).</summary>
    /// <exception cref="AnswerStoreException">The store did not answer.</exception>
    public async Task<IResult?> FindAsync(ReservationId reservation, CancellationToken cancellationToken)
    {
        var kept = await store.FindAsync(reservation, cancellationToken).ConfigureAwait(false);
        if (kept is null || kept.ExpiresAt <= clock.GetUtcNow())
        {
            return null;
        }

        try
        {
            return HttpAnswer.Read(ProtectorOf(reservation).Unprotect(kept.Content.ToArray()));
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            AnswerLog.Unreadable(logger, OperationIds.ToClient(reservation.Id), e);
            return null;
        }
    }

    // A row that was moved to another account or operation cannot be read there.
    private IDataProtector ProtectorOf(ReservationId reservation) =>
        Protection.CreateProtector(
            "PayPerUse.KeptAnswers",
            reservation.Account.Value,
            reservation.Id,
            reservation.Attempt.ToString("N")
        );
}
