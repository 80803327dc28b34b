using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task A_sweep_makes_the_log_tell_what_fell_due_on_accounts_that_nobody_touches()
    {
        var due = NeedsInterface<IDueCredits>();
        var (lapsing, expiring) = (await NewAccountAsync(5), NewAccount());
        await lapsing.MustReserveAsync(lapsing.Reserve("k", 2));
        await expiring.MustApplyAsync(expiring.Grant("g", 5, Now + TimeSpan.FromMinutes(5)));
        Clock.Advance(TimeSpan.FromMinutes(10));
        await using var ledger = LedgerOver(Store);
        var options = new PayPerUseOptions { Sweep = { BatchSize = 10_000 } };
        Assert.True(await new CreditSweep(ledger, Options.Create(options), due).SweepAsync(Token) >= 2);

        Assert.Equal("lapse:k", (await lapsing.LastEntryAsync()).OperationId);
        Assert.Equal("expire:g", (await expiring.LastEntryAsync()).OperationId);
        await lapsing.AuditAsync();
        await expiring.AuditAsync();
        await lapsing.ExpectAsync(5);
        await expiring.ExpectAsync(0);
    }
}
