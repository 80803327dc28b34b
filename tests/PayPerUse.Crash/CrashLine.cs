using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PayPerUse.Credits;

namespace PayPerUse.Crash;

/// <summary>What a line of a host's output tells.</summary>
public enum CrashNews
{
    /// <summary>A command is about to be submitted; said before it is, so that whoever reads knows of every id.</summary>
    Sent,

    /// <summary>The command was answered with <see cref="CreditStatus.Applied"/>.</summary>
    Acknowledged,

    /// <summary>The store could not answer; the same attempt is sent again.</summary>
    Failed,

    /// <summary>The command was answered with another status, which this load never earns.</summary>
    Refused,
}

/// <summary>One line of a host's output: what became of a command. A line cut off by the host's end is none.</summary>
public sealed record CrashLine(
    CrashNews News,
    CreditCommandKind Kind,
    AccountId Account,
    string Id,
    Guid Attempt,
    string Note
)
{
    private const string End = "end";

    /// <summary>What a host reserved when it died stays reserved for as long as any test looks.</summary>
    public static readonly TimeSpan ReservationTime = TimeSpan.FromDays(7);

    /// <summary>The accounts that hosts share.</summary>
    public static AccountId[] Accounts(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new AccountId(string.Create(CultureInfo.InvariantCulture, $"crash-{i}"))),
        ];

    /// <summary>The command that the line is about.</summary>
    public CreditCommand Command =>
        Kind switch
        {
            CreditCommandKind.Spend => CreditCommand.Spend(Account, Id, 1, "letter") with { Attempt = Attempt },
            CreditCommandKind.Reserve => CreditCommand.Reserve(Account, Id, 2, "letter", ReservationTime) with
            {
                Attempt = Attempt,
            },
            CreditCommandKind.Commit => CreditCommand.Commit(new ReservationId(Account, Id, Attempt), 1),
            _ => throw new InvalidOperationException($"The load has no {Kind}."),
        };

    /// <summary>Tells news of a command.</summary>
    public static CrashLine Of(CrashNews news, CreditCommand command, string note = "-") =>
        new(news, command.Kind, command.Account, command.Id, command.Attempt, note);

    /// <inheritdoc />
    public override string ToString() =>
        $"{News}|{Kind}|{Account.Value}|{Id}|{Attempt}|{Note.ReplaceLineEndings(" ").Replace('|', '/')}|{End}";

    /// <summary>Reads a line, if it is whole.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CrashLine? line)
    {
        line = text?.Split('|') is [var news, var kind, var account, var id, var attempt, var note, End]
            ? new CrashLine(
                Enum.Parse<CrashNews>(news),
                Enum.Parse<CreditCommandKind>(kind),
                AccountId.Parse(account),
                id,
                Guid.Parse(attempt),
                note
            )
            : null;
        return line is not null;
    }
}
