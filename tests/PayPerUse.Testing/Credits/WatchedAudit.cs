using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

/// <summary>What is being verified, with the live bytes of the process noted on the way, while whoever reads holds what it holds.</summary>
/// <param name="audit">What reads the store.</param>
/// <param name="every">After how many lines of the log the bytes are noted.</param>
public sealed class WatchedAudit(ICreditAudit audit, int every) : ICreditAudit
{
    private readonly List<long> _bytes = [];
    private long _lines;

    /// <summary>By how much the live bytes have grown at most since before the first page was read.</summary>
    public long Growth => _bytes.Max() - _bytes[0];

    /// <summary>How often the bytes were noted.</summary>
    public int Notes => _bytes.Count;

    /// <summary>The largest page that was asked for.</summary>
    public int LargestLimit { get; private set; }

    /// <summary>How many accounts the largest page had.</summary>
    public int MostAccounts { get; private set; }

    /// <inheritdoc />
    public async Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        if (_bytes.Count == 0)
        {
            // Before anything is read: what is read whole at once must not pass for what was there before.
            Note();
        }

        var page = await audit.ReadPageAsync(after, limit, cancellationToken);
        LargestLimit = Math.Max(LargestLimit, limit);
        MostAccounts = Math.Max(MostAccounts, page.Accounts.Length);
        return new Page(this, page);
    }

    private void Note() => _bytes.Add(GC.GetTotalMemory(forceFullCollection: true));

    private void Count()
    {
        if (++_lines % every == 0)
        {
            Note();
        }
    }

    private sealed class Page(WatchedAudit watch, ICreditAuditPage page) : ICreditAuditPage
    {
        public ImmutableArray<CreditAuditAccount> Accounts => page.Accounts;

        public string? Next => page.Next;

        public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken
        )
        {
            await foreach (var line in page.ReadLogAsync(cancellationToken))
            {
                watch.Count();
                yield return line;
            }
        }

        public ValueTask DisposeAsync() => page.DisposeAsync();
    }
}
