using System.Globalization;
using PayPerUse.Rush;
using PayPerUse.Testing;
using Sinterklaas.Crowd;

namespace PayPerUse.Benchmarks.Site;

/// <summary>Many families at once on the real site: each signs in, pays and gets a letter.</summary>
internal static class SiteLoad
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Measures; 0 when no visitor met an error, 2 when it is not understood what is asked.</summary>
    /// <param name="args">How many visitors, 200 unless given; on which database, both unless given.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var visitors = args.Count > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        var errors = 0;
        switch (args.Count > 1 ? args[1] : "")
        {
            case "sqlite":
                errors += await OnSqliteAsync(visitors);
                break;
            case "postgresql":
                errors += await OnPostgreSqlAsync(visitors);
                break;
            case "":
                errors += await OnSqliteAsync(visitors);
                errors += await OnPostgreSqlAsync(visitors);
                break;
            default:
                Console.Error.WriteLine("Say where: sqlite or postgresql.");
                return 2;
        }

        return errors == 0 ? 0 : 1;
    }

    private static async Task<int> OnSqliteAsync(int visitors)
    {
        var folder = Directory.CreateTempSubdirectory("sinterklaas-load-");
        try
        {
            var file = Path.Combine(folder.FullName, "site.db");
            await using var site = await SiteProcess.StartAsync(
                ("ConnectionStrings:Sinterklaas", $"Data Source={file}")
            );
            return await MeasureAsync("SQLite, one host", site.Address, visitors, site);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> OnPostgreSqlAsync(int visitors)
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync();
        await using var bank = await RushBank.StartAsync();
        await using var front = new RoundRobin();
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        front.Lead(first.Address, second.Address);
        return await MeasureAsync("PostgreSQL, two hosts behind one port", front.Address, visitors, first, second);

        Task<SiteProcess> StartAsync() =>
            SiteProcess.StartAsync(
                ("Database:Provider", "PostgreSQL"),
                ("ConnectionStrings:Sinterklaas", database),
                ("PayPerUse:PublicUrl", front.Address.ToString()),
                ("Payconiq:ApiKey", bank.ApiKey),
                ("Payconiq:ProfileId", bank.ProfileId),
                ("Payconiq:ApiBase", bank.Address),
                ("Payconiq:JwksUri", bank.Address + "/jwks")
            );
    }

    private static async Task<int> MeasureAsync(string name, Uri address, int visitors, params SiteProcess[] hosts)
    {
        using var limit = new CancellationTokenSource(Limit);

        // The first visitors wait for the compiler, and with them all who come later; a site that is open has that behind it.
        for (var i = 0; i < 3; i++)
        {
            await CrowdWalk.RunAsync(address, (visitors / 4) + 1, $"early{i}", limit.Token);
        }

        var result = await CrowdWalk.RunAsync(address, visitors, "visitor", limit.Token);
        SiteReport.Print(name, result);
        foreach (var line in hosts.SelectMany(h => h.Log).Take(50))
        {
            Console.WriteLine("  " + line);
        }

        return result.Errors.Count;
    }
}
