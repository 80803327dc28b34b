using System.Collections.Concurrent;
using PayPerUse.Credits;

namespace PayPerUse.Answers;

/// <summary>Keeps answers in memory: for tests and demos. Gone when the process ends, and not shared between hosts.</summary>
public sealed class InMemoryAnswerStore : IAnswerStore
{
    private readonly ConcurrentDictionary<ReservationId, KeptAnswer> _answers = new();

    /// <inheritdoc />
    public Task SaveAsync(KeptAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _answers[answer.Reservation] = answer;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<KeptAnswer?> FindAsync(ReservationId reservation, CancellationToken cancellationToken) =>
        Task.FromResult(_answers.GetValueOrDefault(reservation));

    /// <inheritdoc />
    public Task<int> SweepAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(
            _answers
                .Values.Where(a => a.ExpiresAt <= now)
                .Take(limit)
                .Count(a => _answers.TryRemove(a.Reservation, out _))
        );

    /// <inheritdoc />
    public Task<int> RemoveAsync(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellationToken) =>
        Task.FromResult(
            _answers.Keys.Where(r => accounts.Contains(r.Account)).Count(r => _answers.TryRemove(r, out _))
        );
}
