using PayPerUse.Testing;

namespace PayPerUse.Architecture;

/// <summary>The sample is a tutorial: what is general belongs in the packages.</summary>
public sealed class SampleTests
{
    private const int MostLines = 1_500;

    [Fact]
    public void The_sample_has_fewer_than_1500_lines_of_its_own()
    {
        var folder = Path.Combine(Machine.RepositoryRoot, "samples", "Sinterklaas.Web");
        string[] made = ["Migrations", "bin", "obj"];
        var files = Directory
            .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !made.Contains(Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0]))
            .ToList();

        Assert.InRange(files.Count, 20, int.MaxValue);
        Assert.InRange(files.Sum(file => File.ReadLines(file).Count()), 1, MostLines - 1);
    }
}
