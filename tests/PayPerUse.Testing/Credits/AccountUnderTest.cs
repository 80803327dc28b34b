using System.Collections.Immutable;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>One account in a store. After every step it audits the account: its whole log against what a reader sees.</summary>
public sealed class AccountUnderTest(ICreditStore store, CreditPolicy? policy = null, AccountId? id = null)
{
    public AccountId Id { get; } = id ?? new AccountId("test-" + Guid.NewGuid().ToString("N"));

    public CreditPolicy Policy { get; } = policy ?? CreditPolicy.Default;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public CreditCommand Grant(string id, long credits, DateTimeOffset? expiresAt = null, string source = "five") =>
        CreditCommand.Grant(Id, id, credits, source, expiresAt);

    public CreditCommand Spend(string id, long credits, string action = "letter") =>
        CreditCommand.Spend(Id, id, credits, action);

    public CreditCommand Reserve(string id, long credits, TimeSpan? time = null, string action = "letter") =>
        CreditCommand.Reserve(Id, id, credits, action, time);

    public CreditCommand Revoke(string id, string grant, long credits) =>
        CreditCommand.Revoke(Id, id, grant, credits, "refund");

    public CreditCommand Restore(string id, string grant, long credits) =>
        CreditCommand.Restore(Id, id, grant, credits, "refund-failed");

    public CreditCommand Settle() => CreditCommand.Settle(Id);

    /// <summary>Applies one command as a batch of its own, then audits the account.</summary>
    public async Task<CreditResult> ApplyAsync(CreditCommand command)
    {
        var before = await LastSequenceAsync();
        var result = (await ApplyAllAsync(command))[0];
        var after = await LastSequenceAsync();
        await AuditAsync(isSettled: HasSettled(command, result, wroteEntries: after > before));
        return result;
    }

    /// <summary>Applies a command and expects that it is applied.</summary>
    public async Task<CreditResult> MustApplyAsync(CreditCommand command)
    {
        var result = await ApplyAsync(command);
        Assert.Equal(CreditStatus.Applied, result.Status);
        return result;
    }

    /// <summary>Applies a reserve and names the reservation it made.</summary>
    public async Task<ReservationId> MustReserveAsync(CreditCommand reserve)
    {
        var result = await MustApplyAsync(reserve);
        return Assert.IsType<CreditReservation>(result.Reservation).ToId(Id);
    }

    /// <summary>Applies a command and expects that it is refused and leaves no trace.</summary>
    public async Task<CreditResult> MustRefuseAsync(CreditCommand command, CreditStatus status)
    {
        var (version, sequence) = ((await ReadAsync()).Version, await LastSequenceAsync());
        var result = await ApplyAsync(command);
        Assert.Equal(status, result.Status);
        Assert.Equal(version, (await ReadAsync()).Version);
        Assert.Equal(sequence, await LastSequenceAsync());
        return result;
    }

    /// <summary>Applies commands in one batch and expects a result, not a failure, for each.</summary>
    public async Task<ImmutableArray<CreditResult>> ApplyAllAsync(params CreditCommand[] commands)
    {
        var outcomes = await store.ApplyAsync(new CreditBatch(commands, Policy), Token);
        Assert.Equal(commands.Length, outcomes.Length);
        Assert.All(outcomes, o => Assert.Null(o.Error));
        return [.. outcomes.Select(o => o.Result!)];
    }

    public Task<CreditBalance> ReadAsync() => store.ReadBalanceAsync(Id, Policy, Token);

    public async Task ExpectAsync(long balance, long reserved = 0)
    {
        var read = await ReadAsync();
        Assert.Equal((balance, reserved), (read.Balance, read.Reserved));
    }

    /// <summary>The whole log, oldest first, read in pages.</summary>
    public async Task<List<CreditEntry>> ReadLogAsync(int page = 200)
    {
        var log = new List<CreditEntry>();
        ImmutableArray<CreditEntry> read;
        long? before = null;
        do
        {
            read = await store.ReadHistoryAsync(Id, before, page, Token);
            Assert.True(read.Length <= page, $"A page of {page} had {read.Length} entries.");
            log.AddRange(read);
            before = read.IsEmpty ? null : read[^1].Sequence;
        } while (read.Length == page);
        log.Reverse();
        return log;
    }

    public async Task<CreditEntry> LastEntryAsync() => (await store.ReadHistoryAsync(Id, null, 1, Token))[0];

    /// <summary>
    /// Recomputes the account from its log: granted − spent − expired − revoked + restored = free + reserved − debt.
    /// </summary>
    /// <param name="isSettled">Whether what is due has been performed, so that readers and log must agree.</param>
    public async Task AuditAsync(bool isSettled = true)
    {
        var log = await ReadLogAsync();
        if (log is not [{ Sequence: 1 }, ..] && store is ICreditAudit audit)
        {
            await VerifyAsync(audit);
            return;
        }

        long balance = 0;
        long worth = 0;
        var time = DateTimeOffset.MinValue;
        var open = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < log.Count; i++)
        {
            var entry = log[i];
            balance += entry.Credits;
            Assert.Equal(i + 1, entry.Sequence);
            Assert.Equal(balance, entry.Balance);
            Assert.True(entry.At >= time, $"Time ran backwards at entry {entry.Sequence} ({entry.OperationId}).");
            Assert.Equal(TimeSpan.Zero, entry.At.Offset);
            Assert.Equal(entry.At, CreditTime.Floor(entry.At));
            time = entry.At;
            worth += entry.Kind switch
            {
                CreditEntryKind.Reserve => Open(entry),
                CreditEntryKind.Commit => entry.Credits - Close(entry.OperationId),
                CreditEntryKind.Release => entry.Credits - Close(entry.OperationId),
                CreditEntryKind.Lapse => entry.Credits - Close(entry.OperationId["lapse:".Length..]),
                _ => entry.Credits,
            };
        }

        Assert.Equal(worth, balance + open.Values.Sum());
        if (isSettled)
        {
            await ExpectAsync(balance, open.Values.Sum());
        }

        long Open(CreditEntry entry)
        {
            open.Add(entry.OperationId, -entry.Credits);
            return 0;
        }

        long Close(string reservation)
        {
            Assert.True(open.Remove(reservation, out var credits), $"{reservation} ended but was not open.");
            return credits;
        }
    }

    /// <summary>Verifies this account alone: what is left of a log that was trimmed only means something after its checkpoint.</summary>
    private async Task VerifyAsync(ICreditAudit audit)
    {
        // No other account of a test comes between an owner and its account.
        await using var page = await audit.ReadPageAsync(Id.Owner, 1, Token);
        if (page.Accounts.SingleOrDefault(a => a.Account == Id.Value) is { } account)
        {
            var log = await page.ReadLogAsync(Token).Where(l => l.Account == Id.Value).ToListAsync(Token);
            var verdict = CreditVerification.Verify(account, log);
            Assert.True(verdict.IsClean, verdict.ToString());
        }
    }

    private async Task<long> LastSequenceAsync() =>
        await store.ReadHistoryAsync(Id, null, 1, Token) is [var last] ? last.Sequence : 0;

    // A command that is answered by its known id is answered before anything due is performed.
    private static bool HasSettled(CreditCommand command, CreditResult result, bool wroteEntries) =>
        wroteEntries
        || (
            command.Kind
                is CreditCommandKind.Commit
                    or CreditCommandKind.Release
                    or CreditCommandKind.Renew
                    or CreditCommandKind.Settle
                ? result.Status != CreditStatus.Invalid
                : result.Status
                    is CreditStatus.InsufficientCredits
                        or CreditStatus.RateLimited
                        or CreditStatus.NotFound
                        or CreditStatus.ExceedsLimit
        );
}
