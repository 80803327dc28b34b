using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    [Fact]
    public async Task A_reserve_sets_credits_aside()
    {
        var account = await NewAccountAsync(5);
        var reserve = account.Reserve("k", 2);
        var result = await account.MustApplyAsync(reserve);
        Assert.Equal((3, 2), (result.Balance, result.Credits));
        var reservation = Assert.IsType<CreditReservation>(result.Reservation);
        Assert.Equal((ReservationState.Open, reserve.Attempt), (reservation.State, reservation.Attempt));
        Assert.Equal(Now + TimeSpan.FromMinutes(10), reservation.Deadline);
        await account.ExpectAsync(3, reserved: 2);
        await account.MustRefuseAsync(account.Spend("s", 4), CreditStatus.InsufficientCredits);
    }

    [Fact]
    public async Task A_commit_takes_what_was_reserved_and_is_idempotent()
    {
        var account = await NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2));
        var first = await account.MustApplyAsync(CreditCommand.Commit(reservation));
        await account.MustApplyAsync(account.Spend("s", 1));
        var again = await account.MustRefuseAsync(CreditCommand.Commit(reservation), CreditStatus.Applied);
        Assert.Equal((3, 2, first.At), (again.Balance, again.Credits, again.At));
        await account.MustRefuseAsync(CreditCommand.Commit(reservation, 1), CreditStatus.AlreadyCommitted);
        await account.MustRefuseAsync(CreditCommand.Release(reservation), CreditStatus.AlreadyCommitted);
        await account.MustRefuseAsync(CreditCommand.Renew(reservation), CreditStatus.AlreadyCommitted);
        await account.ExpectAsync(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Committing_less_returns_the_rest_to_its_grants(long credits)
    {
        var account = await NewAccountAsync(3);
        await account.MustApplyAsync(account.Grant("h", 5));
        var reservation = await account.MustReserveAsync(account.Reserve("k", 6));
        var result = await account.MustApplyAsync(CreditCommand.Commit(reservation, credits));
        Assert.Equal((8 - credits, credits), (result.Balance, result.Credits));
        var entry = await account.LastEntryAsync();
        Assert.Equal((CreditEntryKind.Commit, 6 - credits), (entry.Kind, entry.Credits));
        GrantChange[] returned = [new("g", Math.Max(0, 3 - credits)), new("h", Math.Min(3, 6 - credits))];
        Assert.Equal(returned.Where(r => r.Credits > 0), entry.Grants);
        await account.MustApplyAsync(account.Spend("rest", 8 - credits));
    }

    [Fact]
    public async Task Committing_more_is_refused()
    {
        var account = await NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2));
        await account.MustRefuseAsync(CreditCommand.Commit(reservation, 3), CreditStatus.ExceedsLimit);
        await account.MustApplyAsync(CreditCommand.Commit(reservation, 2));
    }

    [Fact]
    public async Task A_release_returns_what_was_reserved_and_is_idempotent()
    {
        var account = await NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2));
        await account.MustApplyAsync(CreditCommand.Release(reservation));
        await account.ExpectAsync(5);
        await account.MustRefuseAsync(CreditCommand.Release(reservation), CreditStatus.Applied);
        await account.MustRefuseAsync(CreditCommand.Commit(reservation), CreditStatus.AlreadyReleased);
        await account.MustRefuseAsync(CreditCommand.Renew(reservation), CreditStatus.AlreadyReleased);
    }

    [Fact]
    public async Task A_reservation_past_its_deadline_lapses_and_cannot_be_committed()
    {
        var account = await NewAccountAsync(5);
        var reserve = account.Reserve("k", 2, TimeSpan.FromMinutes(1));
        var reservation = await account.MustReserveAsync(reserve);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await account.ExpectAsync(5);
        Assert.Equal(CreditStatus.Lapsed, (await account.ApplyAsync(CreditCommand.Commit(reservation))).Status);
        var entry = await account.LastEntryAsync();
        Assert.Equal(
            ("lapse:k", CreditEntryKind.Lapse, 2L, Now),
            (entry.OperationId, entry.Kind, entry.Credits, entry.At)
        );
        await account.MustRefuseAsync(CreditCommand.Release(reservation), CreditStatus.Lapsed);
        await account.MustRefuseAsync(CreditCommand.Renew(reservation), CreditStatus.Lapsed);
        await account.MustRefuseAsync(reserve, CreditStatus.Lapsed);
        await account.ExpectAsync(5);
    }

    [Fact]
    public async Task A_renew_moves_the_deadline_and_writes_no_entry()
    {
        var account = await NewAccountAsync(5);
        var reservation = await account.MustReserveAsync(account.Reserve("k", 2, TimeSpan.FromMinutes(1)));
        Clock.Advance(TimeSpan.FromSeconds(50));
        var log = (await account.ReadLogAsync()).Count;
        var renewed = await account.MustApplyAsync(CreditCommand.Renew(reservation, TimeSpan.FromMinutes(1)));
        Assert.Equal(Now + TimeSpan.FromMinutes(1), renewed.Reservation!.Deadline);
        Assert.Equal(log, (await account.ReadLogAsync()).Count);
        Clock.Advance(TimeSpan.FromSeconds(59));
        await account.MustApplyAsync(CreditCommand.Commit(reservation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_release_or_lapse_an_id_may_point_to_a_new_reservation(bool isReleased)
    {
        var account = await NewAccountAsync(5);
        var reserve = account.Reserve("k", 2);
        var first = await account.MustReserveAsync(reserve);
        if (isReleased)
        {
            await account.MustApplyAsync(CreditCommand.Release(first));
            await account.MustRefuseAsync(reserve, CreditStatus.AlreadyReleased);
        }
        else
        {
            Clock.Advance(TimeSpan.FromMinutes(10));
        }

        var second = await account.MustReserveAsync(Again(reserve));
        await account.ExpectAsync(3, reserved: 2);
        await account.MustRefuseAsync(CreditCommand.Commit(first), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Release(first), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Renew(first), CreditStatus.NotFound);
        await account.MustApplyAsync(CreditCommand.Commit(second));
        await account.ExpectAsync(3);
        Assert.Equal(CreditStatus.Replayed, (await account.ApplyAsync(Again(reserve))).Status);
    }

    [Fact]
    public async Task One_id_may_lapse_again_and_again()
    {
        var account = await NewAccountAsync(5);
        for (var i = 0; i < 3; i++)
        {
            await account.MustReserveAsync(account.Reserve("k", 2));
            Clock.Advance(TimeSpan.FromMinutes(10));
        }

        await account.MustApplyAsync(account.Settle());
        Assert.Equal(3, (await account.ReadLogAsync()).Count(e => e.OperationId == "lapse:k"));
        await account.ExpectAsync(5);
    }

    [Fact]
    public async Task However_many_reservations_fall_due_at_once_all_of_them_lapse()
    {
        var account = await NewAccountAsync(300);
        await account.ApplyAllAsync([.. Enumerable.Range(0, 150).Select(i => account.Reserve("k" + i, 2))]);
        await account.ExpectAsync(0, reserved: 300);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await account.ExpectAsync(300);
        await account.MustApplyAsync(account.Spend("s", 1));
        Assert.Equal(150, (await account.ReadLogAsync()).Count(e => e.Kind == CreditEntryKind.Lapse));
        await account.ExpectAsync(299);
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_committed_released_or_renewed()
    {
        var account = await NewAccountAsync(5);
        var nothing = new ReservationId(account.Id, "nothing", Guid.NewGuid());
        await account.MustRefuseAsync(CreditCommand.Commit(nothing), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Release(nothing), CreditStatus.NotFound);
        await account.MustRefuseAsync(CreditCommand.Renew(nothing), CreditStatus.NotFound);
        var missing = NewAccount();
        await missing.MustRefuseAsync(
            CreditCommand.Release(nothing with { Account = missing.Id }),
            CreditStatus.NotFound
        );
    }

    [Fact]
    public async Task A_reservation_may_be_made_and_ended_in_one_batch()
    {
        var account = await NewAccountAsync(5);
        var reserve = account.Reserve("k", 2);
        var reservation = new ReservationId(account.Id, "k", reserve.Attempt);
        var results = await account.ApplyAllAsync(
            reserve,
            CreditCommand.Renew(reservation, TimeSpan.FromHours(1)),
            CreditCommand.Release(reservation),
            Again(reserve)
        );
        Assert.All(results, r => Assert.Equal(CreditStatus.Applied, r.Status));
        await account.AuditAsync();
        await account.ExpectAsync(3, reserved: 2);
    }
}
