using System.Diagnostics;
using System.Globalization;
using PayPerUse.Crash;
using PayPerUse.Credits;
using PayPerUse.Testing;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>A host process under load, and what it has told.</summary>
public sealed class CrashHost : IDisposable
{
    private readonly HostProcess _process;
    private readonly Dictionary<(string Id, CreditCommandKind Kind), CrashLine> _sent = [];
    private readonly HashSet<(string Id, CreditCommandKind Kind)> _acknowledged = [];

    private CrashHost(HostProcess process) => _process = process;

    public IReadOnlyCollection<CrashLine> Sent => _sent.Values;

    public int Acknowledged => _acknowledged.Count;

    public List<CrashLine> Failures { get; } = [];

    public static CrashHost Start(string database, string connection, string round, int accounts) =>
        new(HostProcess.Start(database, connection, round, accounts.ToString(CultureInfo.InvariantCulture)));

    public bool IsAcknowledged(CrashLine sent) => _acknowledged.Contains((sent.Id, sent.Kind));

    /// <summary>Reads until so many more commands are acknowledged.</summary>
    public async Task ReadAsync(int acknowledgements, CancellationToken cancellationToken)
    {
        var (before, enough) = (Acknowledged, Acknowledged + acknowledgements);
        var heard = Stopwatch.GetTimestamp();
        while (Acknowledged < enough)
        {
            var text = await _process.ReadAsync(cancellationToken);
            Assert.True(text is not null, $"The host ended by itself after {Acknowledged} acknowledgements.");
            Note(text);
            if (Acknowledged > before)
            {
                (before, heard) = (Acknowledged, Stopwatch.GetTimestamp());
            }

            // A host that is refused again and again tells so, and would be listened to for ever.
            Assert.True(
                Stopwatch.GetElapsedTime(heard) < Patience.Limit,
                $"Nothing more was acknowledged; last: {text}"
            );
        }
    }

    /// <summary>Reads for a while, and until something was acknowledged after it.</summary>
    public async Task ReadAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            await ReadAsync(1, cancellationToken);
        } while (Stopwatch.GetElapsedTime(start) < time);
    }

    /// <summary>SIGKILL; then reads what it had told before.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => _process.KillAsync(Note, cancellationToken);

    public void Dispose() => _process.Dispose();

    private void Note(string text)
    {
        if (!CrashLine.TryParse(text, out var line))
        {
            return;
        }

        switch (line.News)
        {
            case CrashNews.Sent:
                _sent.Add((line.Id, line.Kind), line);
                break;
            case CrashNews.Acknowledged:
                _acknowledged.Add((line.Id, line.Kind));
                break;
            case CrashNews.Failed:
                Failures.Add(line);
                break;
            default:
                Assert.Fail(text);
                break;
        }
    }
}
