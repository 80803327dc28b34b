using PayPerUse.Payments;

namespace PayPerUse.Commands;

/// <summary>Words and options of a command: <c>--name value</c>, <c>--name=value</c> or a bare <c>--flag</c>.</summary>
internal sealed class CommandLine
{
    private static readonly HashSet<string> Flags = new(StringComparer.Ordinal) { "json", "unspent", "owed", "help" };

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private CommandLine(IReadOnlyList<string> words) => Words = words;

    public IReadOnlyList<string> Words { get; }

    public bool IsJson => _options.ContainsKey("json");

    public bool WantsHelp => _options.ContainsKey("help");

    /// <summary>Who gives the order: <c>--by</c>, else the account that is signed in to this machine.</summary>
    public string By => Option("by") ?? Environment.UserName;

    /// <exception cref="CommandUsageException">An option has no value, or is given twice.</exception>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var line = new CommandLine(words);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(args[i]);
                continue;
            }

            var (name, value) = args[i][2..].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (args[i][2..], (string?)null);
            if (value is null && !Flags.Contains(name))
            {
                value =
                    i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                        ? args[++i]
                        : throw new CommandUsageException($"--{name} needs a value.");
            }

            if (!line._options.TryAdd(name, value ?? ""))
            {
                throw new CommandUsageException($"--{name} is given twice.");
            }
        }

        return line;
    }

    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <summary>An option that names something: a key, a reference.</summary>
    /// <exception cref="CommandUsageException">It is blank, too long or of several lines.</exception>
    public string? Name(string name, int maxLength) => Option(name) is { } text ? Demand(text, name, maxLength) : null;

    /// <summary>Who gives the order, as a payment's history takes it.</summary>
    /// <exception cref="CommandUsageException">It is blank, too long or of several lines.</exception>
    public string ByOf(int maxLength) => Demand(By, "by", maxLength);

    public bool Has(string name) => _options.ContainsKey(name);

    /// <exception cref="CommandUsageException">There are more words, or options that the command does not know.</exception>
    public void Demand(int words, params string[] options)
    {
        if (Words.Count > words)
        {
            throw new CommandUsageException($"'{Words[words]}' is too much.");
        }

        var unknown = _options.Keys.Except([.. options, "json", "by", "help"]).FirstOrDefault();
        if (unknown is not null)
        {
            throw new CommandUsageException($"--{unknown} is not an option of this command.");
        }
    }

    private static string Demand(string text, string name, int maxLength) =>
        PaymentService.IsName(text, maxLength)
            ? text
            : throw new CommandUsageException($"--{name}: 1 to {maxLength} characters on one line.");

    /// <exception cref="CommandUsageException">The word is missing.</exception>
    public string Word(int index, string name) =>
        index < Words.Count ? Words[index] : throw new CommandUsageException($"{name} is missing.");
}

/// <summary>The command line is wrong; the message says where.</summary>
internal sealed class CommandUsageException(string message) : Exception(message);
