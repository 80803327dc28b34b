using PayPerUse.Rush;
using PayPerUse.Testing;

namespace PayPerUse.Payconiq.Tests.Rush;

[Collection(nameof(Alone))]
public sealed class PaymentRushTests
{
    private static readonly int Customers = LongRun.IsOn ? 1_000 : 150;

    [Fact]
    public async Task Customers_who_pay_at_once_at_two_hosts_on_PostgreSQL_are_all_granted_once()
    {
        var token = TestContext.Current.CancellationToken;
        var connection = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        await using var rush = await PaymentRush.StartAsync(connection);
        await rush.RunAsync(Customers, "customer", TimeSpan.Zero, token);
        var (balances, findings) = await rush.CheckAsync(Customers, "customer", token);
        Assert.All(balances, b => Assert.Equal(5, b));
        Assert.Empty(findings);
    }
}
