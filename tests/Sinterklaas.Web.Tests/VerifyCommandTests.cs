using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

public sealed class VerifyCommandTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_command_verifies_a_running_site_and_names_the_account_that_differs()
    {
        var folder = Directory.CreateTempSubdirectory("sinterklaas-verify-");
        try
        {
            var connectionString = $"Data Source={Path.Combine(folder.FullName, "site.db")}";
            using var site = new SiteHost(("ConnectionStrings:Sinterklaas", connectionString)).Started();
            using var visitor = await Visitor.SignedInAsync(site.Address, Ct);
            await visitor.PayAsync(Ct);
            var (exitCode, output) = await RunAsync(connectionString);
            Assert.Contains("1 account(s) verified, 0 wrong.", output, StringComparison.Ordinal);
            Assert.Equal(0, exitCode);

            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(Ct);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE user_credits SET free = free + 1 RETURNING account";
            var account = (string)(await command.ExecuteScalarAsync(Ct))!;
            (exitCode, output) = await RunAsync(connectionString);
            Assert.Contains(account, output, StringComparison.Ordinal);
            Assert.Contains("1 account(s) verified, 1 wrong.", output, StringComparison.Ordinal);
            Assert.Equal(1, exitCode);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string connectionString)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Sinterklaas.Web.dll"), "verify" },
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__Sinterklaas"] = connectionString,
            },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output);
    }
}
