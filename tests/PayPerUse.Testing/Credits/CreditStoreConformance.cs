using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// What every <see cref="ICreditStore"/> must do. Derive once per store; xunit makes a new instance, and so a new store, for each
/// test. The tests of one class run one after another and may share a database, as each uses accounts of its own; two classes
/// that run at once may not, as a sweep sees every account.
/// </summary>
public abstract partial class CreditStoreConformance : IAsyncLifetime
{
    private ICreditStore? _store;

    /// <summary>The clock of the store; it stands still until a test moves it.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    protected ICreditStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Makes a store. Whatever it needs to be disposed is the deriving class's to dispose.</summary>
    protected abstract Task<ICreditStore> CreateStoreAsync(TimeProvider clock);

    /// <summary>Makes what another host would: a second store on the first one's data. The same store where hosts cannot share.</summary>
    protected virtual Task<ICreditStore> CreateSecondStoreAsync(ICreditStore first, TimeProvider clock) =>
        Task.FromResult(first);

    /// <summary>Makes what a host is after a crash: the store given up, and another on its data. The same store where nothing outlives it.</summary>
    protected virtual Task<ICreditStore> ReopenStoreAsync(ICreditStore store, TimeProvider clock) =>
        Task.FromResult(store);

    public virtual async ValueTask InitializeAsync() => _store = await CreateStoreAsync(Clock);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected AccountUnderTest NewAccount(CreditPolicy? policy = null) => new(Store, policy);

    /// <summary>An account with one grant, named <c>g</c>.</summary>
    private protected async Task<AccountUnderTest> NewAccountAsync(long credits, CreditPolicy? policy = null)
    {
        var account = NewAccount(policy);
        await account.MustApplyAsync(account.Grant("g", credits));
        return account;
    }

    private protected static CreditCommand Again(CreditCommand command) => command with { Attempt = Guid.NewGuid() };

    private protected static CreditLedger LedgerOver(ICreditStore store) =>
        new(store, Options.Create(new PayPerUseOptions { Ledger = { Timeout = TimeSpan.FromMinutes(1) } }));
}
