using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Opens pages of accounts for verifying: in one snapshot where we know the database, else account by account.</summary>
internal static class CreditAuditPages
{
    /// <summary>How many ids that stand for more than one entry are told of, at most.</summary>
    public const int MaxRepeatedIds = 1000;

    private const int RowsPerAccount = 10;

    // Reading in the order of an index, a log of any length streams; sorted, it would first have to be read whole.
    private const string BeginOnPostgres = """
        BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
        SET LOCAL enable_seqscan = off;
        SET LOCAL enable_bitmapscan = off;
        SET LOCAL enable_sort = off
        """;

    /// <summary>
    /// After how many grants, open reservations or known ids a page ends, though it has fewer accounts than it may: otherwise a page
    /// would be as large as the accounts that happen to be on it. The last account is always whole.
    /// </summary>
    public static long MostHeld(int limit) => (long)limit * RowsPerAccount;

    public static async Task<ICreditAuditPage> OpenAsync(
        IContextSource contexts,
        bool isPortable,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var lease = contexts.Lease();
        try
        {
            return (isPortable ? null : lease.Context.Database.ProviderName) switch
            {
                DatabaseKind.PostgreSql => await SqlCreditAuditPage
                    .OpenAsync(lease, BeginOnPostgres, isNamed: false, after, limit, cancellationToken)
                    .ConfigureAwait(false),
                DatabaseKind.Sqlite => await SqlCreditAuditPage
                    .OpenAsync(lease, "BEGIN", isNamed: true, after, limit, cancellationToken)
                    .ConfigureAwait(false),
                _ => await PortableCreditAuditPage
                    .OpenAsync(lease, after, limit, cancellationToken)
                    .ConfigureAwait(false),
            };
        }
        catch
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
