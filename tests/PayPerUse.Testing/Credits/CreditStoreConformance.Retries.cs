using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    public static TheoryData<CreditCommandKind> KindsWithIds =>
        [
            CreditCommandKind.Grant,
            CreditCommandKind.Spend,
            CreditCommandKind.Reserve,
            CreditCommandKind.Revoke,
            CreditCommandKind.Restore,
        ];

    [Theory]
    [MemberData(nameof(KindsWithIds))]
    public async Task The_same_attempt_hears_that_it_was_applied_and_another_that_it_is_a_replay(CreditCommandKind kind)
    {
        var account = await NewAccountAsync(10);
        await account.MustApplyAsync(account.Revoke("before", "g", 3));
        var command = CommandOf(account, kind, 2);
        var first = await account.MustApplyAsync(command);
        await account.MustApplyAsync(account.Grant("later", 100));
        Clock.Advance(TimeSpan.FromMinutes(1));

        var log = (await account.ReadLogAsync()).Count;
        var retried = await account.ApplyAsync(command);
        var replayed = await account.ApplyAsync(Again(command));

        Assert.Equal(CreditStatus.Applied, retried.Status);
        Assert.Equal(CreditStatus.Replayed, replayed.Status);
        foreach (var later in new[] { retried, replayed })
        {
            Assert.Equal((first.Balance, first.Credits, first.At), (later.Balance, later.Credits, later.At));
            Assert.Equal(first.Reservation?.Attempt, later.Reservation?.Attempt);
        }

        Assert.Equal(log, (await account.ReadLogAsync()).Count);
    }

    [Theory]
    [MemberData(nameof(KindsWithIds))]
    public async Task The_same_id_for_something_else_is_a_conflict(CreditCommandKind kind)
    {
        var account = await NewAccountAsync(10);
        await account.MustApplyAsync(account.Grant("h", 10));
        await account.MustApplyAsync(account.Revoke("before", "g", 3));
        await account.MustApplyAsync(account.Revoke("before-h", "h", 3));
        await account.MustApplyAsync(CommandOf(account, kind, 2));

        await account.MustRefuseAsync(CommandOf(account, kind, 1), CreditStatus.Conflict);
        foreach (var other in KindsWithIds.Select(k => k.Data).Where(k => k != kind))
        {
            await account.MustRefuseAsync(CommandOf(account, other, 2), CreditStatus.Conflict);
        }

        var elsewhere = kind switch
        {
            CreditCommandKind.Grant => CreditCommand.Grant(account.Id, "id", 2, "other"),
            CreditCommandKind.Spend => CreditCommand.Spend(account.Id, "id", 2, "other"),
            CreditCommandKind.Reserve => CreditCommand.Reserve(account.Id, "id", 2, "other"),
            CreditCommandKind.Revoke => account.Revoke("id", "h", 2),
            _ => account.Restore("id", "h", 2),
        };
        await account.MustRefuseAsync(elsewhere, CreditStatus.Conflict);
    }

    [Fact]
    public async Task A_time_is_no_part_of_the_fingerprint()
    {
        var account = NewAccount();
        await account.MustApplyAsync(account.Grant("g", 5, Now + TimeSpan.FromDays(1)));
        Assert.Equal(CreditStatus.Replayed, (await account.ApplyAsync(account.Grant("g", 5))).Status);
        await account.MustReserveAsync(account.Reserve("k", 1, TimeSpan.FromMinutes(1)));
        var again = await account.ApplyAsync(account.Reserve("k", 1, TimeSpan.FromMinutes(2)));
        Assert.Equal(CreditStatus.Replayed, again.Status);
    }

    [Fact]
    public async Task Ids_belong_to_their_account_and_are_compared_ordinally()
    {
        var (one, two) = (await NewAccountAsync(5), await NewAccountAsync(5));
        await one.MustApplyAsync(one.Spend("same", 1));
        await two.MustApplyAsync(two.Spend("same", 2));
        await one.MustApplyAsync(one.Spend("SAME", 1));
        await one.MustApplyAsync(one.Spend("s\u00e4me", 1));
        await one.MustApplyAsync(one.Spend("sa\u0308me", 1));
        await one.ExpectAsync(1);
        await two.ExpectAsync(3);
    }

    [Fact]
    public async Task A_refused_id_may_be_used_again()
    {
        var account = await NewAccountAsync(1);
        await account.MustRefuseAsync(account.Spend("s", 2), CreditStatus.InsufficientCredits);
        await account.MustApplyAsync(account.Grant("h", 5));
        await account.MustApplyAsync(account.Spend("s", 2));
    }

    [Fact]
    public async Task A_replay_within_one_batch_is_seen()
    {
        var account = await NewAccountAsync(5);
        var spend = account.Spend("s", 2);
        var results = await account.ApplyAllAsync(spend, Again(spend), spend, account.Spend("s", 1));
        Assert.Equal(
            [CreditStatus.Applied, CreditStatus.Replayed, CreditStatus.Applied, CreditStatus.Conflict],
            results.Select(r => r.Status)
        );
        await account.AuditAsync();
        await account.ExpectAsync(3);
    }

    [Fact]
    public async Task A_replay_within_a_long_batch_is_seen_too()
    {
        var account = await NewAccountAsync(100);
        await account.MustApplyAsync(account.Spend("before", 1));
        var (grant, spend, reserve) = (account.Grant("h", 5), account.Spend("s", 2), account.Reserve("k", 3));
        var reservation = new ReservationId(account.Id, "k", reserve.Attempt);
        var fill = Enumerable.Range(0, 20).Select(i => account.Spend("fill" + i, 1)).ToArray();
        var results = await account.ApplyAllAsync([
            .. fill,
            grant,
            spend,
            reserve,
            Again(grant),
            Again(spend),
            Again(reserve),
            spend,
            reserve,
            account.Spend("before", 1),
            account.Reserve("s", 2),
            account.Spend("k", 3),
            CreditCommand.Commit(reservation, 1),
            Again(reserve),
            .. fill.Select(Again),
        ]);
        Assert.All(results[..23], r => Assert.Equal(CreditStatus.Applied, r.Status));
        Assert.Equal(
            [
                CreditStatus.Replayed,
                CreditStatus.Replayed,
                CreditStatus.Replayed,
                CreditStatus.Applied,
                CreditStatus.Applied,
                CreditStatus.Replayed,
                CreditStatus.Conflict,
                CreditStatus.Conflict,
                CreditStatus.Applied,
                CreditStatus.Replayed,
            ],
            results[23..33].Select(r => r.Status)
        );
        Assert.Equal(results[..20].Select(r => r.Balance), results[33..].Select(r => r.Balance));
        Assert.All(results[33..], r => Assert.Equal(CreditStatus.Replayed, r.Status));
        await account.AuditAsync();
        await account.ExpectAsync(81);
    }

    private static CreditCommand CommandOf(AccountUnderTest account, CreditCommandKind kind, long credits) =>
        kind switch
        {
            CreditCommandKind.Grant => account.Grant("id", credits),
            CreditCommandKind.Spend => account.Spend("id", credits),
            CreditCommandKind.Reserve => account.Reserve("id", credits),
            CreditCommandKind.Revoke => account.Revoke("id", "g", credits),
            CreditCommandKind.Restore => account.Restore("id", "g", credits),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
