using System.Globalization;
using Sinterklaas.Crowd;

namespace PayPerUse.Benchmarks.Site;

/// <summary>Many families at once on the real site: each signs in, pays and gets a letter.</summary>
internal static class SiteLoad
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Measures; 0 when no visitor met an error.</summary>
    /// <param name="args">How many visitors, 200 unless given.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var visitors = args.Count > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200;
        using var limit = new CancellationTokenSource(Limit);
        var folder = Directory.CreateTempSubdirectory("sinterklaas-load-");
        try
        {
            var file = Path.Combine(folder.FullName, "site.db");
            await using var site = await SiteProcess.StartAsync(
                ("ConnectionStrings:Sinterklaas", $"Data Source={file}")
            );
            return await MeasureAsync(site.Address, visitors, "SQLite, one host", [site], limit.Token);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(
        Uri address,
        int visitors,
        string name,
        IReadOnlyList<SiteProcess> hosts,
        CancellationToken cancellationToken
    )
    {
        // The first visitors wait for the compiler, and with them all who come later; a site that is open has that behind it.
        for (var i = 0; i < 3; i++)
        {
            await CrowdWalk.RunAsync(address, visitors / 10 + 1, $"early{i}", cancellationToken);
        }

        var result = await CrowdWalk.RunAsync(address, visitors, "visitor", cancellationToken);
        SiteReport.Print(name, result);
        foreach (var line in hosts.SelectMany(h => h.Log).Take(50))
        {
            Console.WriteLine("  " + line);
        }

        return result.Errors.Count == 0 ? 0 : 1;
    }
}
