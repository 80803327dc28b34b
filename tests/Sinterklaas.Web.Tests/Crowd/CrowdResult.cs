namespace Sinterklaas.Crowd;

/// <summary>How long a step of a visit took, as the visitor saw it.</summary>
public sealed record CrowdStep(string Name, TimeSpan Time);

/// <summary>A visit: its steps, and what went wrong at the end of them; null when nothing did.</summary>
public sealed record CrowdVisit(IReadOnlyList<CrowdStep> Steps, string? Error);

/// <summary>What a crowd met.</summary>
/// <param name="Visits">Every visit.</param>
/// <param name="Time">From the first step of the first to the last of the last.</param>
public sealed record CrowdResult(IReadOnlyList<CrowdVisit> Visits, TimeSpan Time)
{
    /// <summary>What went wrong, one line a visitor.</summary>
    public IReadOnlyList<string> Errors => [.. Visits.Select(v => v.Error).OfType<string>()];

    /// <summary>The times of each step, shortest first, in the order of the walk.</summary>
    public IEnumerable<(string Name, TimeSpan[] Times)> Steps =>
        Visits
            .SelectMany(v => v.Steps)
            .GroupBy(s => s.Name, (name, steps) => (name, steps.Select(s => s.Time).Order().ToArray()));
}
