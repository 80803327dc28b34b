using System.Collections.Immutable;
using System.Globalization;

namespace PayPerUse.Credits;

/// <summary>Collects what differs on one account, a few of each kind: one broken number may show on millions of entries.</summary>
internal sealed class CreditFindings
{
    private const int MaxOfAKind = 5;

    private readonly List<CreditFinding> _findings = [];
    private readonly Dictionary<CreditCheck, long> _counts = [];

    public void Add(CreditCheck check, FormattableString detail)
    {
        var count = _counts.GetValueOrDefault(check) + 1;
        _counts[check] = count;
        if (count <= MaxOfAKind)
        {
            _findings.Add(new CreditFinding(check, detail.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Adds a finding unless two numbers are equal.</summary>
    public void Expect(CreditCheck check, string what, long found, string source, long expected)
    {
        if (found != expected)
        {
            Add(check, $"{what} is {found}, but {source} {expected}");
        }
    }

    public ImmutableArray<CreditFinding> ToArray()
    {
        foreach (var (check, count) in _counts.Where(c => c.Value > MaxOfAKind))
        {
            _findings.Add(
                new CreditFinding(check, string.Create(CultureInfo.InvariantCulture, $"and {count - MaxOfAKind} more"))
            );
        }

        return [.. _findings];
    }
}
