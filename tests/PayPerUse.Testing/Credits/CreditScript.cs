using CsCheck;
using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

/// <summary>One step of a random story about a few accounts, as plain numbers, so that a failing story shrinks and prints.</summary>
/// <param name="Kind">Which command; 0 repeats an earlier one, <see cref="Merge"/> is none.</param>
/// <param name="Account">Whose.</param>
/// <param name="Name">Which id, or which earlier command is meant.</param>
/// <param name="Credits">How many; 0 means the default where there is one.</param>
/// <param name="Other">Which action, grant or time, or which account to merge into.</param>
/// <param name="IsNewAttempt">Whether a repeated command is a new submission.</param>
/// <param name="Minutes">How far the host's clock moves first; it may go back.</param>
/// <param name="EndsBatch">Whether a batch ends here.</param>
/// <param name="Crash">What happens to the host at the end of the batch.</param>
public sealed record CreditStep(
    int Kind,
    int Account,
    int Name,
    int Credits,
    int Other,
    bool IsNewAttempt,
    double Minutes,
    bool EndsBatch,
    CreditCrash Crash
)
{
    /// <summary>The kind that merges the account into another.</summary>
    public const int Merge = 100;
}

/// <summary>What a step comes to: a command, or a merge of one account into another.</summary>
/// <param name="Now">The host's clock.</param>
/// <param name="Step">The step.</param>
/// <param name="Account">Whose command, or the account to close.</param>
public sealed record CreditTurn(DateTimeOffset Now, CreditStep Step, AccountId Account)
{
    /// <summary>The command; null when accounts are merged.</summary>
    public CreditCommand? Command { get; init; }

    /// <summary>The account that <see cref="Account"/> is merged into, when there is no command.</summary>
    public AccountId Target { get; init; }
}

/// <summary>What happens to a host after a batch.</summary>
public enum CreditCrash
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It dies and another goes on.</summary>
    Dies,

    /// <summary>It dies before anybody hears the answers, and another is sent the same commands with the same attempts.</summary>
    DiesUnheard,
}

/// <summary>Makes random stories and turns them into commands.</summary>
public static class CreditScript
{
    /// <summary>When every story begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The accounts of a story that has its store to itself.</summary>
    public static readonly AccountId[] Accounts = [new("anna"), new("bert"), new("cleo")];

    private static readonly TimeSpan?[] Times =
    [
        null,
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromDays(3),
    ];

    private static readonly Gen<int> Command = Gen.Frequency(
        (2, Gen.Const(0)),
        (3, Gen.Const((int)CreditCommandKind.Grant)),
        (4, Gen.Const((int)CreditCommandKind.Spend)),
        (5, Gen.Const((int)CreditCommandKind.Reserve)),
        (12, Gen.Int[(int)CreditCommandKind.Commit, (int)CreditCommandKind.Settle])
    );

    private static readonly Gen<CreditStep[]> StoryOfTwo = StepOf(Command, Gen.Int[0, 1]).Array[1, 60];

    private static readonly Gen<CreditStep[]> StoryOfMerges = StepOf(
        Gen.Frequency((12, Command), (1, Gen.Const(CreditStep.Merge))),
        Gen.Frequency((4, Gen.Int[0, 1]), (1, Gen.Const(2)))
    ).Array[1, 60];

    private static readonly Gen<CreditStep[]> StoryOfLongBatches = StepOf(Command, Gen.Int[0, 1])
        .Array[20, 60]
        .Select(story => Array.ConvertAll(story, s => s with { Minutes = 0, EndsBatch = s.EndsBatch && s.Name == 0 }));

    /// <summary>Random stories: of two accounts, of three that are merged, or of two in a few long batches.</summary>
    public static readonly Gen<CreditStep[]> Story = Gen.Frequency(
        (2, StoryOfTwo),
        (2, StoryOfMerges),
        (1, StoryOfLongBatches)
    );

    /// <summary>Policies that make the rules bite within a story.</summary>
    public static readonly Gen<CreditPolicy> Policy = Gen.Select(
        Gen.Bool,
        OneOf(TimeSpan.Zero, TimeSpan.FromMinutes(9), TimeSpan.FromDays(7)),
        (isLimited, grace) =>
            new CreditPolicy
            {
                RateLimit = isLimited ? new CreditRateLimit(3, TimeSpan.FromMinutes(10)) : null,
                ReturnGrace = grace,
            }
    );

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<CreditStep> StepOf(Gen<int> kinds, Gen<int> accounts) =>
        Gen.Select(
            kinds,
            accounts,
            Gen.Int[0, 9],
            Gen.Int[0, 5],
            Gen.Int[0, 3],
            Gen.Bool,
            Gen.Frequency(
                (6, Gen.Const(0.0)),
                (4, OneOf(0.5, 1, 9, 10)),
                (1, OneOf(1440.0, 4320, 10_080, 10_090)),
                (2, OneOf(-0.5, -10, -10_080))
            ),
            Gen.Select(Gen.Bool, Gen.Frequency((8, Gen.Const(CreditCrash.None)), (1, Gen.Enum<CreditCrash>()))),
            (kind, account, name, credits, other, isNew, minutes, end) =>
                new CreditStep(kind, account, name, credits, other, isNew, minutes, end.Item1, end.Item2)
        );

    /// <summary>Tells the story: what each step comes to.</summary>
    public static IEnumerable<CreditTurn> Tell(CreditStep[] story, AccountId[]? accounts = null)
    {
        accounts ??= Accounts;
        var now = Start;
        var told = new List<CreditCommand>();
        foreach (var step in story)
        {
            now += TimeSpan.FromMinutes(step.Minutes);
            var account = accounts[step.Account];
            if (step.Kind == CreditStep.Merge)
            {
                var target = accounts[(step.Account + 1 + step.Other % (accounts.Length - 1)) % accounts.Length];
                yield return new CreditTurn(now, step, account) { Target = target };
                continue;
            }

            var command = CommandOf(step, account, now, told);
            told.Add(command);
            yield return new CreditTurn(now, step, command.Account) { Command = command };
        }
    }

    /// <summary>
    /// What a payment does that hears that its account was merged: the same for the account that has its credits. Null where nothing
    /// follows: a spend is of whom it was asked.
    /// </summary>
    public static CreditCommand? Follow(CreditCommand command, AccountId? into) =>
        (command.Kind, into) switch
        {
            (CreditCommandKind.Grant, { } account) => CreditCommand.Grant(
                account,
                command.Id,
                command.Credits!.Value,
                command.Action,
                command.ExpiresAt
            ),
            (CreditCommandKind.Revoke, { } account) => CreditCommand.Revoke(
                account,
                command.Id,
                command.GrantId!,
                command.Credits!.Value,
                command.Action
            ),
            (CreditCommandKind.Restore, { } account) => CreditCommand.Restore(
                account,
                command.Id,
                command.GrantId!,
                command.Credits!.Value,
                command.Action
            ),
            _ => null,
        };

    private static CreditCommand CommandOf(
        CreditStep step,
        AccountId account,
        DateTimeOffset now,
        List<CreditCommand> told
    )
    {
        var credits = Math.Max(1, step.Credits);
        var action = step.Other == 3 ? "audio" : "letter";
        var time = Times[step.Other];
        var id = "id" + step.Name;
        var grant = "id" + (step.Name + step.Other) % 10;
        return (CreditCommandKind)step.Kind switch
        {
            CreditCommandKind.Grant => CreditCommand.Grant(account, id, credits + 2, "five", now + time),
            CreditCommandKind.Spend => CreditCommand.Spend(account, id, credits, action),
            CreditCommandKind.Reserve => CreditCommand.Reserve(account, id, credits, "letter", time),
            CreditCommandKind.Commit => CreditCommand.Commit(
                ReservationOf(step, account, told),
                step.Credits == 5 ? null : step.Credits
            ),
            CreditCommandKind.Release => CreditCommand.Release(ReservationOf(step, account, told)),
            CreditCommandKind.Renew => CreditCommand.Renew(ReservationOf(step, account, told), time),
            CreditCommandKind.Revoke => CreditCommand.Revoke(account, "r" + id, grant, credits, "refund"),
            CreditCommandKind.Restore => CreditCommand.Restore(account, "b" + id, grant, credits, "refund-failed"),
            _ when step.Kind == 0 && told.Count > 0 => Repeat(told[^(1 + step.Name % told.Count)], step.IsNewAttempt),
            _ => CreditCommand.Settle(account),
        };
    }

    private static CreditCommand Repeat(CreditCommand command, bool isNewAttempt) =>
        isNewAttempt ? command with { Attempt = Guid.NewGuid() } : command;

    /// <summary>One of the account's last reservations, or one that never was.</summary>
    private static ReservationId ReservationOf(CreditStep step, AccountId account, List<CreditCommand> told)
    {
        var reserves = told.Where(c => c.Kind == CreditCommandKind.Reserve && c.Account == account)
            .TakeLast(3)
            .ToList();
        return reserves.Count == 0
            ? new ReservationId(account, "id" + step.Name, Guid.NewGuid())
            : new ReservationId(
                account,
                reserves[step.Name % reserves.Count].Id,
                reserves[step.Name % reserves.Count].Attempt
            );
    }
}
