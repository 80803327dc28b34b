using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.Snippets.Stores;

#region further
public sealed partial class DocumentCreditStore : ICreditVersions, IDueCredits
{
    public Task<IReadOnlyDictionary<AccountId, long>> ReadVersionsAsync(
        IReadOnlyCollection<AccountId> accounts,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyDictionary<AccountId, long>>(
            accounts.Distinct().ToDictionary(a => a, a => _documents.GetValueOrDefault(a)?.Account.Version ?? 0)
        );

    public Task<ImmutableArray<AccountId>> FindDueAsync(int limit, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult(
            _documents
                .Values.Select(d => d.Account)
                .Where(a =>
                    a.Grants.Any(g => g.Free > 0 && g.UsableUntil <= now)
                    || a.Reservations.Values.Any(r => r.State == ReservationState.Open && r.Deadline <= now)
                )
                .Select(a => a.Id)
                .Take(limit)
                .ToImmutableArray()
        );
    }
}
#endregion
