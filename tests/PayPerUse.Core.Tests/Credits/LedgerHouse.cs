using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>A ledger of one lane over a scripted store, and an account with 100 credits.</summary>
internal sealed class LedgerHouse : IAsyncDisposable
{
    public static readonly AccountId Anna = new("anna");

    private LedgerHouse(ScriptedCreditStore store, CreditLedger ledger, FakeTimeProvider clock)
    {
        Store = store;
        Ledger = ledger;
        Clock = clock;
    }

    public ScriptedCreditStore Store { get; }

    public CreditLedger Ledger { get; }

    /// <summary>The ledger's clock: time-outs, and the wait between tries unless the house has real time.</summary>
    public FakeTimeProvider Clock { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LedgerHouse> OpenAsync(
        Action<CreditLedgerOptions>? configure = null,
        bool hasRealTime = false
    )
    {
        var options = new PayPerUseOptions { Ledger = { Lanes = 1 } };
        configure?.Invoke(options.Ledger);
        var clock = new FakeTimeProvider();
        var store = new ScriptedCreditStore();
        var ledger = new CreditLedger(store, Options.Create(options), hasRealTime ? TimeProvider.System : clock);
        var house = new LedgerHouse(store, ledger, clock);
        await ledger.GrantAsync(Anna, "g", 100, "five", cancellationToken: Token);
        await store.ArrivalAsync();
        return house;
    }

    /// <summary>Sends a command that the store holds, so that whatever follows has to wait.</summary>
    public async Task<Task<CreditResult>> OccupyAsync()
    {
        Store.Hold();
        var first = SpendAsync("occupies");
        await Store.ArrivalAsync();
        return first;
    }

    public Task<CreditResult> SpendAsync(string id, CancellationToken? token = null) =>
        Ledger.SpendAsync(Anna, id, 1, "letter", token ?? Token);

    public async Task<long> BalanceAsync() => (await Ledger.ReadBalanceAsync(Anna, Token)).Balance;

    public async ValueTask DisposeAsync()
    {
        Store.LetGo();
        await Ledger.DisposeAsync();
        Store.Dispose();
    }

    public static CreditStoreException Passing(CreditOperationOutcome outcome = CreditOperationOutcome.NotApplied) =>
        new("deadlock", isTransient: true, outcome);

    public static CreditStoreException Lasting() =>
        new("refused", isTransient: false, CreditOperationOutcome.NotApplied);
}
