using System.Diagnostics;

namespace Sinterklaas.Crowd;

/// <summary>Families who all come at the same moment: each signs in by mail, is refused a letter, pays, and is given it.</summary>
public static class CrowdWalk
{
    /// <summary>Lets so many walk at once through a site in Development, and waits for them all.</summary>
    /// <param name="site">The site; on this machine, since only here its mailbox can be read.</param>
    /// <param name="visitors">How many.</param>
    /// <param name="prefix">What their addresses begin with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<CrowdResult> RunAsync(
        Uri site,
        int visitors,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        if (!site.IsLoopback)
        {
            throw new ArgumentException("Only a site on this machine is walked through.", nameof(site));
        }

        var start = Stopwatch.GetTimestamp();
        var visits = await Task.WhenAll(
            Enumerable
                .Range(0, visitors)
                .Select(i =>
                    Task.Run(
                        async () =>
                        {
                            using var visitor = new CrowdVisitor(site, $"{prefix}-{i}@voorbeeld.be");
                            return await visitor.WalkAsync(cancellationToken);
                        },
                        cancellationToken
                    )
                )
        );
        return new CrowdResult(visits, Stopwatch.GetElapsedTime(start));
    }
}
