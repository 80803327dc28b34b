using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PayPerUse.Benchmarks;

/// <summary>Ratios of one run, with what must be reached.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<Line> _lines = [];
    private readonly List<(string Name, string Value)> _notes = [];

    public void Add(string id, string ours, double a, string theirs, double b, double ratio, string target) =>
        _lines.Add(new Line(id, ours, a, theirs, b, ratio, target));

    public void Note(string name, string value) => _notes.Add((name, value));

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| id | ours | against | ratio | must reach |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var line in _lines)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {line.Id} | {line.Ours}: {line.A:N0} | {line.Theirs}: {line.B:N0} | {line.Ratio:0.00} | {line.Target} |"
                )
            );
        }

        foreach (var (name, value) in _notes)
        {
            Console.WriteLine($"{name}: {value}");
        }
    }

    public async Task SaveAsync(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(
            stream,
            new
            {
                ratios = _lines.ToDictionary(l => l.Id, l => Math.Round(l.Ratio, 3)),
                environment = new
                {
                    os = RuntimeInformation.OSDescription,
                    framework = RuntimeInformation.FrameworkDescription,
                    processors = Environment.ProcessorCount,
                    notes = _notes.ToDictionary(n => n.Name, n => n.Value),
                },
            },
            Indented
        );
    }

    private sealed record Line(string Id, string Ours, double A, string Theirs, double B, double Ratio, string Target);
}
