using PayPerUse.Answers;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Answers;

/// <summary>What every <see cref="IAnswerStore"/> must do. Stores may share one database: each test uses accounts of its own.</summary>
public abstract class AnswerStoreConformance : IAsyncLifetime
{
    // Far from other tests' times: what is swept is everybody's.
    private static readonly DateTimeOffset Now = new(2031, 1, 1, 12, 0, 0, 123, TimeSpan.Zero);

    private IAnswerStore? _store;

    protected IAnswerStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a store. Whatever it needs to be disposed is the deriving class's to dispose.</summary>
    protected abstract Task<IAnswerStore> CreateStoreAsync();

    public virtual async ValueTask InitializeAsync() => _store = await CreateStoreAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_was_kept_is_found_byte_for_byte()
    {
        var answer = New(NewReservation(), Now, [0, 1, 2, 255]);

        await Store.SaveAsync(answer, Token);

        var found = await Store.FindAsync(answer.Reservation, Token);
        Assert.NotNull(found);
        Assert.Equal(answer.Reservation, found.Reservation);
        Assert.Equal(answer.ExpiresAt, found.ExpiresAt);
        Assert.Equal(answer.Content.ToArray(), found.Content.ToArray());
    }

    [Fact]
    public async Task Nothing_is_found_for_another_account_id_or_attempt()
    {
        var kept = NewReservation();
        await Store.SaveAsync(New(kept, Now, [1]), Token);

        Assert.Null(await Store.FindAsync(kept with { Account = NewReservation().Account }, Token));
        Assert.Null(await Store.FindAsync(kept with { Id = kept.Id.ToUpperInvariant() }, Token));
        Assert.Null(await Store.FindAsync(kept with { Attempt = Guid.NewGuid() }, Token));
    }

    [Fact]
    public async Task Attempts_of_one_id_stand_side_by_side()
    {
        var paid = NewReservation();
        await Store.SaveAsync(New(paid, Now, [1]), Token);

        // A slow attempt that lapsed meanwhile saves late.
        await Store.SaveAsync(New(paid with { Attempt = Guid.NewGuid() }, Now, [2]), Token);

        Assert.Equal([1], (await Store.FindAsync(paid, Token))!.Content.ToArray());
    }

    [Fact]
    public async Task Saving_again_replaces_it()
    {
        var reservation = NewReservation();
        await Store.SaveAsync(New(reservation, Now, [1]), Token);

        await Store.SaveAsync(New(reservation, Now.AddDays(1), [2, 3]), Token);

        var found = await Store.FindAsync(reservation, Token);
        Assert.Equal([2, 3], found!.Content.ToArray());
        Assert.Equal(Now.AddDays(1), found.ExpiresAt);
    }

    [Fact]
    public async Task A_large_answer_is_kept()
    {
        var content = new byte[1024 * 1024];
        Random.Shared.NextBytes(content);
        var answer = New(NewReservation(), Now, content);

        await Store.SaveAsync(answer, Token);

        Assert.Equal(content, (await Store.FindAsync(answer.Reservation, Token))!.Content.ToArray());
    }

    [Fact]
    public async Task Only_what_expired_is_swept_and_no_more_than_asked()
    {
        var past = Now.AddYears(-10);
        var expired = Enumerable.Range(0, 3).Select(_ => New(NewReservation(), past, [1])).ToArray();
        var valid = New(NewReservation(), past.AddMilliseconds(1), [1]);
        foreach (var answer in expired.Append(valid))
        {
            await Store.SaveAsync(answer, Token);
        }

        Assert.Equal(2, await Store.SweepAsync(past, 2, Token));
        Assert.Equal(1, await Store.SweepAsync(past, 2, Token));
        Assert.Equal(0, await Store.SweepAsync(past, 2, Token));

        Assert.NotNull(await Store.FindAsync(valid.Reservation, Token));
        Assert.Equal(1, await Store.SweepAsync(past.AddMilliseconds(1), 2, Token));
    }

    [Fact]
    public async Task All_answers_of_the_accounts_that_are_named_are_removed_and_no_others()
    {
        var (mine, other) = (NewReservation(), NewReservation());
        ReservationId[] gone =
        [
            mine,
            mine with
            {
                Attempt = Guid.NewGuid(),
            },
            mine with
            {
                Id = "http:2",
            },
            NewReservation(),
        ];
        foreach (var reservation in gone.Append(other))
        {
            await Store.SaveAsync(New(reservation, Now, [1]), Token);
        }

        Assert.Equal(4, await Store.RemoveAsync([mine.Account, gone[^1].Account, NewReservation().Account], Token));

        foreach (var reservation in gone)
        {
            Assert.Null(await Store.FindAsync(reservation, Token));
        }

        Assert.NotNull(await Store.FindAsync(other, Token));
        Assert.Equal(0, await Store.RemoveAsync([mine.Account], Token));
        Assert.Equal(0, await Store.RemoveAsync([], Token));
    }

    private static ReservationId NewReservation() =>
        new(new AccountId("test-" + Guid.NewGuid().ToString("N")), "http:key", Guid.NewGuid());

    private static KeptAnswer New(ReservationId reservation, DateTimeOffset expiresAt, byte[] content) =>
        new(reservation, expiresAt, content);
}
