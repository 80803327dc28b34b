using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PayPerUse.Testing.Credits;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>What reading a balance costs: it is read by every page that shows it, and after each change for those who watch.</summary>
public sealed class BalanceReadTests
{
    [Fact]
    public async Task A_balance_is_read_in_a_row_a_grant_however_many_reservations_are_open()
    {
        const int Grants = 10;
        const int Open = 40;
        var file = EfHost.NewSqliteFile();
        var rows = new RowCounter();
        try
        {
            await using var host = EfHost.On(o => o.UseSqlite("Data Source=" + file).AddInterceptors(rows));
            await host.CreateTablesAsync();
            var account = new AccountUnderTest(host.Credits);
            await account.ApplyAllAsync([.. Enumerable.Range(0, Grants).Select(i => account.Grant("g" + i, 5))]);
            await account.ApplyAllAsync([.. Enumerable.Range(0, Open).Select(i => account.Reserve("r" + i, 1))]);

            rows.Count = 0;
            await account.ExpectAsync((5 * Grants) - Open, reserved: Open);
            Assert.InRange(rows.Count, 1, Grants + 2);
        }
        finally
        {
            EfHost.Delete(file);
        }
    }

    private sealed class RowCounter : DbCommandInterceptor
    {
        public int Count { get; set; }

        public override InterceptionResult DataReaderDisposing(
            DbCommand command,
            DataReaderDisposingEventData eventData,
            InterceptionResult result
        )
        {
            Count += eventData.ReadCount;
            return base.DataReaderDisposing(command, eventData, result);
        }
    }
}
