using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PayPerUse.Diagnostics;

namespace PayPerUse.Credits;

/// <summary>The way to change and read credits. Commands that arrive while the store is busy travel together.</summary>
/// <remarks>
/// Expected outcomes are values (<see cref="CreditResult.Status"/>). A <see cref="CreditStoreException"/> means that the store
/// could not answer: the action must not run.
/// </remarks>
public sealed partial class CreditLedger : IAsyncDisposable
{
    private readonly ICreditStore _store;
    private readonly CreditPolicy _policy;
    private readonly CreditBatcher[] _lanes;
    private readonly CreditLedgerOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>Makes a ledger.</summary>
    /// <param name="store">Where credits are kept.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="clock">The clock, for time-outs and back-off.</param>
    /// <param name="logger">Where it tells of failures.</param>
    public CreditLedger(
        ICreditStore store,
        IOptions<PayPerUseOptions> options,
        TimeProvider? clock = null,
        ILogger<CreditLedger>? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        _store = store;
        _policy = options.Value.ToPolicy();
        _options = options.Value.Ledger;
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<CreditLedger>.Instance;
        _lanes = new CreditBatcher[_options.Lanes];
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new CreditBatcher(store, _policy, _options, _clock, _logger, Done);
        }
    }

    /// <summary>The numbers that the rules follow.</summary>
    public CreditPolicy Policy => _policy;

    /// <summary>Raised after a command of this host changed an account; for live balances. A handler must not wait.</summary>
    public event EventHandler<CreditsChangedEventArgs>? Changed;

    internal string StoreName => _store.GetType().Name;

    /// <summary>Whether this trims the store in use: an app that replaces the store may leave the memory's own beside it.</summary>
    internal bool IsTrimmedBy(ICreditRetention? retention) =>
        retention is not null && (retention is not InMemoryCreditStore || ReferenceEquals(retention, _store));

    /// <summary>Submits a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">
    /// Gives up. A command that is not yet in a batch is dropped; one that is may still apply, and a reservation made for a
    /// caller that gave up is released again.
    /// </param>
    /// <exception cref="CreditStoreException">The store could not answer in time, or too many commands are waiting.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public Task<CreditResult> SubmitAsync(CreditCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Validate() is { } error)
        {
            return Task.FromResult(
                new CreditResult
                {
                    Status = CreditStatus.Invalid,
                    OperationId = command.Id,
                    Balance = 0,
                    Error = error,
                }
            );
        }

        return _lanes[CreditLanes.LaneOf(command.Account, _lanes.Length)].SubmitAsync(command, cancellationToken);
    }

    /// <summary>Adds credits. The id also names the grant, for ever.</summary>
    /// <inheritdoc cref="CreditCommand.Grant"/>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key and the grant's id.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="source">Where they come from, such as a pack's id.</param>
    /// <param name="expiresAt">When they expire; null never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> GrantAsync(
        AccountId account,
        string id,
        long credits,
        string source,
        DateTimeOffset? expiresAt = null,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Grant(account, id, credits, source, expiresAt), cancellationToken);

    /// <summary>Takes credits at once.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What they are spent on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> SpendAsync(
        AccountId account,
        string id,
        long credits,
        string action,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Spend(account, id, credits, action), cancellationToken);

    /// <summary>Sets credits aside while work runs.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="credits">1 to 10⁹.</param>
    /// <param name="action">What they are for.</param>
    /// <param name="time">How long they are kept; null is the option's value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> ReserveAsync(
        AccountId account,
        string id,
        long credits,
        string action,
        TimeSpan? time = null,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Reserve(account, id, credits, action, time), cancellationToken);

    /// <summary>Takes what was reserved.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="credits">0 up to what was reserved; null takes all of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> CommitAsync(
        ReservationId reservation,
        long? credits = null,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Commit(reservation, credits), cancellationToken);

    /// <summary>Returns what was reserved.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> ReleaseAsync(ReservationId reservation, CancellationToken cancellationToken = default) =>
        SubmitAsync(CreditCommand.Release(reservation), cancellationToken);

    /// <summary>Moves the deadline of an open reservation.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="time">How long from now; null is the option's value.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> RenewAsync(
        ReservationId reservation,
        TimeSpan? time = null,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Renew(reservation, time), cancellationToken);

    /// <summary>Takes granted credits back.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="credits">1 up to what was granted and not yet revoked.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> RevokeAsync(
        AccountId account,
        string id,
        string grantId,
        long credits,
        string reason,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Revoke(account, id, grantId, credits, reason), cancellationToken);

    /// <summary>Gives revoked credits back to their grant.</summary>
    /// <param name="account">Whose credits.</param>
    /// <param name="id">The idempotency key.</param>
    /// <param name="grantId">The grant.</param>
    /// <param name="credits">1 up to what was revoked.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CreditResult> RestoreAsync(
        AccountId account,
        string id,
        string grantId,
        long credits,
        string reason,
        CancellationToken cancellationToken = default
    ) => SubmitAsync(CreditCommand.Restore(account, id, grantId, credits, reason), cancellationToken);

    /// <summary>Reads an account as of now.</summary>
    /// <param name="account">Which account; a missing one is empty.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public Task<CreditBalance> ReadBalanceAsync(AccountId account, CancellationToken cancellationToken = default)
    {
        ThrowIfDefault(account);
        return InTimeAsync(token => _store.ReadBalanceAsync(account, _policy, token), cancellationToken);
    }

    /// <summary>Reads an account's log, newest first.</summary>
    /// <param name="account">Which account.</param>
    /// <param name="before">Only entries with a smaller sequence; null starts at the newest.</param>
    /// <param name="limit">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CreditStoreException">The store could not answer in time.</exception>
    public Task<ImmutableArray<CreditEntry>> ReadHistoryAsync(
        AccountId account,
        long? before = null,
        int limit = 50,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfDefault(account);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return InTimeAsync(token => _store.ReadHistoryAsync(account, before, limit, token), cancellationToken);
    }

    /// <summary>
    /// Recomputes every account from its log and its grants, in bounded memory, while the system runs. Each account's row,
    /// grants, reservations and log are read as of one moment, so what is found is so.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A verdict for each account; <see cref="CreditVerdict.IsClean"/> tells whether it is right.</returns>
    /// <exception cref="NotSupportedException">The store is no <see cref="ICreditAudit"/>.</exception>
    /// <exception cref="CreditStoreException">The store did not answer.</exception>
    public IAsyncEnumerable<CreditVerdict> VerifyAsync(CancellationToken cancellationToken = default) =>
        _store is ICreditAudit audit
            ? CreditVerification.VerifyAsync(audit, cancellationToken: cancellationToken)
            : throw new NotSupportedException(
                $"{_store.GetType().Name} cannot be verified; let it implement {nameof(ICreditAudit)}."
            );

    /// <summary>Lets what was submitted finish and refuses what comes after.</summary>
    public async ValueTask DisposeAsync()
    {
        // Together, so that stopping takes as long as the slowest lane, not as all of them.
        await Task.WhenAll(_lanes.Select(l => l.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private void Done(CreditCommand command, CreditResult result)
    {
        PayPerUseMetrics.CommandDone(command.Kind, result.Status);
        if (result.Status == CreditStatus.Applied)
        {
            Tell(command.Account);
        }
    }

    private void Tell(AccountId account)
    {
        if (Changed is null)
        {
            return;
        }

        try
        {
            Changed?.Invoke(this, new CreditsChangedEventArgs(account));
        }
        catch (Exception e)
        {
            // The credits have moved: whoever listens, the caller must hear that.
            CreditLog.ListenerFailed(_logger, e);
        }
    }

    private static void ThrowIfDefault(AccountId account)
    {
        if (account.IsDefault)
        {
            throw new ArgumentException("The account is missing; make it with new AccountId(owner).", nameof(account));
        }
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await read(both.Token).WaitAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CreditStoreException(
                $"The credit store did not answer within {_options.Timeout.TotalSeconds} s.",
                isTransient: true,
                CreditOperationOutcome.NotApplied,
                e
            );
        }
    }
}

/// <summary>Tells which account changed.</summary>
/// <param name="account">Which account.</param>
public sealed class CreditsChangedEventArgs(AccountId account) : EventArgs
{
    /// <summary>Which account.</summary>
    public AccountId Account { get; } = account;
}
