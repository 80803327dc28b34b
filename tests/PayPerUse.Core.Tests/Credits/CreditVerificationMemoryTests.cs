using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>What the comparison holds does not depend on how many accounts there are, nor on how long the log of one is.</summary>
[Collection(nameof(Alone))]
public sealed class CreditVerificationMemoryTests
{
    // A set of the numbers alone would be several times this.
    private const long Most = 1_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_account_with_a_log_of_six_hundred_thousand_entries_takes_no_more_memory_than_a_short_one()
    {
        const int Rounds = 200_000;
        var watched = new WatchedAudit(new MadeUpAudit(accounts: 1, Rounds), every: 50_000);
        var verdict = await CreditVerification.VerifyAsync(watched, cancellationToken: Token).SingleAsync(Token);
        Assert.True(verdict is { IsClean: true, Entries: 1 + (3 * Rounds) }, verdict.ToString());
        Assert.Equal(13, watched.Notes);
        Assert.InRange(watched.Growth, long.MinValue, Most);
    }

    [Fact]
    public async Task Two_hundred_thousand_accounts_take_no_more_memory_than_a_few()
    {
        const int Accounts = 200_000;
        var watched = new WatchedAudit(new MadeUpAudit(Accounts, rounds: 1), every: 100_000);
        var verified = 0;
        await foreach (var verdict in CreditVerification.VerifyAsync(watched, cancellationToken: Token))
        {
            Assert.True(verdict is { IsClean: true, Entries: 4 }, verdict.ToString());
            verified++;
        }

        Assert.Equal((Accounts, 9), (verified, watched.Notes));
        Assert.InRange(watched.LargestLimit, 1, 1000);
        Assert.InRange(watched.Growth, long.MinValue, Most);
    }

    [Fact]
    public async Task A_page_of_the_store_in_memory_gathers_no_more_accounts_than_it_has()
    {
        const int Accounts = 50_000;
        var store = new InMemoryCreditStore();
        var grants = Enumerable.Range(0, Accounts).Select(i => CreditCommand.Grant(new($"a{i}"), "g", 5, "five"));
        await store.ApplyAsync(new CreditBatch(grants), Token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = store.ReadPageAsync("a3", 10, Token);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // It answers at once, on this thread, so all that it allocated was counted.
        Assert.True(reading.IsCompletedSuccessfully);
        await using var page = await reading;
        Assert.Equal(10, page.Accounts.Length);
        Assert.InRange(allocated, 1, 2 * Accounts);
    }

    /// <summary>Accounts with one grant each, of which again and again one is spent, and one reserved and given back; made while they are read.</summary>
    private sealed class MadeUpAudit(int accounts, int rounds) : ICreditAudit
    {
        private const long Granted = 1_000_000;

        public Task<ICreditAuditPage> ReadPageAsync(string? after, int limit, CancellationToken cancellationToken)
        {
            var first = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture) + 1;
            var count = Math.Min(limit, accounts - first);
            return Task.FromResult<ICreditAuditPage>(new Page(first, count, rounds, first + count == accounts));
        }

        private sealed class Page(int first, int count, int rounds, bool isLast) : ICreditAuditPage
        {
            public ImmutableArray<CreditAuditAccount> Accounts { get; } =
            [
                .. Enumerable
                    .Range(first, count)
                    .Select(i => new CreditAuditAccount(NameOf(i))
                    {
                        Row = CreditAccount.Empty(new AccountId("made-up")) with
                        {
                            Free = Granted - rounds,
                            Sequence = 1 + (3 * rounds),
                            LastTime = RuledAccount.Start,
                        },
                        Grants =
                        [
                            new CreditGrant
                            {
                                Id = "g",
                                Source = "five",
                                Credits = Granted,
                                Free = Granted - rounds,
                                GrantedAt = RuledAccount.Start,
                            },
                        ],
                    }),
            ];

            public string? Next => isLast ? null : NameOf(first + count - 1);

            public async IAsyncEnumerable<CreditAuditLine> ReadLogAsync(
                [EnumeratorCancellation] CancellationToken cancellationToken
            )
            {
                foreach (var account in Accounts)
                {
                    var (sequence, balance) = (0L, 0L);
                    yield return Line(CreditEntryKind.Grant, "g", Granted);
                    for (var i = 0; i < rounds; i++)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        yield return Line(CreditEntryKind.Spend, $"s{i}", -1);
                        yield return Line(CreditEntryKind.Reserve, $"k{i}", -1);
                        yield return Line(CreditEntryKind.Release, $"k{i}", 1);
                    }

                    CreditAuditLine Line(CreditEntryKind kind, string id, long credits)
                    {
                        sequence++;
                        balance += credits;
                        var entry = new CreditEntry
                        {
                            Sequence = sequence,
                            OperationId = id,
                            Attempt = Guid.Empty,
                            Kind = kind,
                            Action = kind == CreditEntryKind.Grant ? "five" : "letter",
                            Credits = credits,
                            Balance = balance,
                            Grants = [new GrantChange("g", credits)],
                            At = RuledAccount.Start,
                        };
                        return new CreditAuditLine(account.Account, sequence, entry);
                    }
                }

                await Task.CompletedTask;
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;

            private static string NameOf(int account) => account.ToString("D9", CultureInfo.InvariantCulture);
        }
    }
}
