using System.Text.RegularExpressions;
using PayPerUse.Testing;

namespace PayPerUse.Architecture;

/// <summary>Every C# block that a reader may copy is a region of docs/snippets, which is compiled.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = Machine.RepositoryRoot;

    public static TheoryData<string> Pages =>
        [
            "README.md",
            .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Select(f => "docs/" + Path.GetFileName(f)),
            .. Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => $"src/{Path.GetFileName(d)}/README.md"),
            "samples/Sinterklaas.Web/README.md",
            "CHANGELOG.md",
            "SECURITY.md",
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_code_block_is_compiled(string page)
    {
        var regions = Directory
            .GetFiles(Path.Combine(Root, "docs", "snippets"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => RegionsOf(File.ReadAllLines(f)))
            .ToArray();

        Assert.All(BlocksOf(page), block => Assert.Contains(block, regions));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        var targets = Link()
            .Matches(File.ReadAllText(Path.Combine(Root, page)))
            .Select(m => m.Groups["target"].Value)
            // An address of the reader's app, in a block of HTML, is no file of ours.
            .Where(t => t[0] is not ('/' or '~') && !t.Contains("://", StringComparison.Ordinal));

        Assert.All(
            targets,
            target =>
            {
                var parts = target.Split('#', 2);
                var file = parts[0].Length == 0 ? Path.Combine(Root, page) : Path.Combine(folder, parts[0]);
                Assert.True(Path.Exists(file), $"{page}: {target}");
                Assert.True(
                    parts.Length == 1 || AnchorsOf(file).Contains(parts[1]),
                    $"{page}: {target}: no such heading"
                );
            }
        );
    }

    [Fact]
    public void Every_call_and_every_error_of_the_contract_is_told()
    {
        var sources = Directory
            .GetFiles(Path.Combine(Root, "src", "PayPerUse.Core", "Http"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .ToArray();
        string[] calls =
        [
            .. sources
                .SelectMany(s => Call().Matches(s))
                .Select(m => $"`{m.Groups["method"].Value.ToUpperInvariant()} {m.Groups["path"].Value}"),
        ];
        string[] codes = [.. sources.SelectMany(s => Code().Matches(s)).Select(m => m.Groups["code"].Value).Distinct()];
        var contract = File.ReadAllText(Path.Combine(Root, "docs", "http.md"));

        Assert.True(calls.Length > 15, string.Join(' ', calls));
        Assert.True(codes.Length > 30, string.Join(' ', codes));
        Assert.All(calls, call => Assert.Contains(call, contract, StringComparison.Ordinal));
        Assert.All(codes, code => Assert.Contains($"`{code}`", contract, StringComparison.Ordinal));
    }

    [Fact]
    public void A_region_loses_its_indent_and_the_marks_of_regions_inside_it()
    {
        string[] file =
        [
            "{",
            "    #region outer",
            "    a();",
            "    #region inner",
            "        b();",
            "    #endregion",
            "    #endregion",
        ];

        Assert.Equal(["a();\n    b();", "b();"], RegionsOf(file));
    }

    /// <summary>What GitHub makes of each heading, to link to.</summary>
    private static IEnumerable<string> AnchorsOf(string file) =>
        Heading()
            .Matches(File.ReadAllText(file))
            .Select(m => NotInAnchors().Replace(m.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    private static IEnumerable<string> BlocksOf(string page) =>
        CodeBlock().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(m => m.Groups["code"].Value.TrimEnd());

    private static IEnumerable<string> RegionsOf(string[] lines)
    {
        for (var start = 0; start < lines.Length; start++)
        {
            if (!IsMark(lines[start], "#region"))
            {
                continue;
            }

            var end = start;
            for (var depth = 1; depth > 0; )
            {
                end++;
                depth +=
                    IsMark(lines[end], "#region") ? 1
                    : IsMark(lines[end], "#endregion") ? -1
                    : 0;
            }

            var inside = lines[(start + 1)..end]
                .Where(l => !IsMark(l, "#region") && !IsMark(l, "#endregion"))
                .ToArray();
            var indent = inside.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
            yield return string.Join('\n', inside.Select(l => l.Length > 0 ? l[indent..] : l)).Trim('\n');
        }
    }

    private static bool IsMark(string line, string mark) => line.TrimStart().StartsWith(mark, StringComparison.Ordinal);

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"Map(?<method>Get|Post)\(\s*""(?<path>/(credits|payments)[^""]*)""")]
    private static partial Regex Call();

    // new(404, "code", …), Unavailable("code", …), and what Invalid(field, error, "code") ends with.
    [GeneratedRegex(
        @"\(\s*[45]\d\d,\s*""(?<code>[a-z-]+)""|Unavailable\(\s*""(?<code>[a-z-]+)""|(\bInvalid|Errors\.Add)\([^;]*?,\s*""(?<code>[a-z]+(-[a-z]+)+)""\s*\)"
    )]
    private static partial Regex Code();

    [GeneratedRegex(@"^#+ (?<text>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"(\]\(|src="")(?<target>[^)""\s]+)")]
    private static partial Regex Link();
}
