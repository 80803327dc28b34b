using PayPerUse.Credits;
using PayPerUse.Testing.Credits;

namespace PayPerUse.Core.Tests.Credits;

/// <summary>One account under the bare rules: no store, no ledger, a clock that is a property.</summary>
internal sealed class RuledAccount(CreditPolicy? policy = null)
{
    public static readonly DateTimeOffset Start = CreditScript.Start;

    public AccountId Id { get; } = new("anna");

    public DateTimeOffset Now { get; set; } = Start;

    public CreditPolicy Policy { get; set; } = policy ?? CreditPolicy.Default;

    public CreditAccount State { get; private set; } = CreditAccount.Empty(new AccountId("anna"));

    public List<CreditEntry> Log { get; } = [];

    public CreditEntry Last => Log[^1];

    public long Balance => CreditRules.Settle(State, Now, Policy).Balance;

    public CreditResult Apply(CreditCommand command)
    {
        var known = Log.Find(e => e.IsIdempotencyKey && e.OperationId == command.Id);
        var (result, change) = CreditRules.Apply(State, command, known, Now, Policy);
        State = change.After;
        Log.AddRange(change.Entries);
        CheckInvariant();
        return result;
    }

    public CreditStatus StatusOf(CreditCommand command) => Apply(command).Status;

    public CreditResult Grant(string id, long credits, TimeSpan? lifetime = null) =>
        Applied(CreditCommand.Grant(Id, id, credits, "five", Start + lifetime));

    public CreditResult Spend(string id, long credits) => Applied(CreditCommand.Spend(Id, id, credits, "letter"));

    public ReservationId Reserve(string id, long credits, TimeSpan? time = null) =>
        Applied(CreditCommand.Reserve(Id, id, credits, "letter", time)).Reservation!.ToId(Id);

    public CreditResult Revoke(string id, string grant, long credits) =>
        Applied(CreditCommand.Revoke(Id, id, grant, credits, "refund"));

    public CreditResult Restore(string id, string grant, long credits) =>
        Applied(CreditCommand.Restore(Id, id, grant, credits, "refund-failed"));

    public CreditResult Settle() => Applied(CreditCommand.Settle(Id));

    public CreditResult Applied(CreditCommand command)
    {
        var result = Apply(command);
        Assert.Equal(CreditStatus.Applied, result.Status);
        return result;
    }

    public CreditGrant GrantOf(string id) => State.Grants.Single(g => g.Id == id);

    /// <summary>granted − spent − expired − revoked + restored = free + reserved − debt, from the log and from the state.</summary>
    private void CheckInvariant()
    {
        Assert.Equal(State.Free, State.Grants.Sum(g => g.Free));
        Assert.Equal(State.Reserved, State.Grants.Sum(g => g.Reserved));
        Assert.Equal(
            State.Reserved,
            State.Reservations.Values.Where(r => r.State == ReservationState.Open).Sum(r => r.Credits)
        );
        Assert.True(State is { Free: >= 0, Reserved: >= 0, Debt: >= 0 });
        Assert.True(State.Debt == 0 || State.Free == 0, "There is debt while credits are free.");
        Assert.All(State.Grants, g => Assert.True(g is { Free: >= 0, Reserved: >= 0, Revoked: >= 0 }));
        Assert.All(State.Grants, g => Assert.True(g.Revoked <= g.Credits));
        Assert.Equal(State.Grants.Order(), State.Grants);
        Assert.Equal(Log.Sum(e => e.Credits), State.Balance);
        Assert.Equal(Log.Count, State.Sequence);
        var ended = Log.Where(e =>
            e.Kind is CreditEntryKind.Commit or CreditEntryKind.Release or CreditEntryKind.Lapse
        );
        var setAside = -Log.Where(e => e.Kind == CreditEntryKind.Reserve).Sum(e => e.Credits);
        var spentByCommit = State
            .Reservations.Values.Where(r => r.State == ReservationState.Committed)
            .Sum(r => r.Committed);
        Assert.Equal(State.Reserved, setAside - spentByCommit - ended.Sum(e => e.Credits));
    }
}
