using System.Runtime.CompilerServices;

namespace Sinterklaas.Web.Tests.Hosting;

/// <summary>A story in a browser. One that stands still fails by itself, long before the run is given up.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoryAttribute : FactAttribute
{
    /// <summary>How long a story may take, in milliseconds.</summary>
    public const int Limit = 180_000;

    public StoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Timeout = Limit;
}

/// <summary>A story that is told several times, each within <see cref="StoryAttribute.Limit"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StoriesAttribute : TheoryAttribute
{
    public StoriesAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line) => Timeout = StoryAttribute.Limit;
}
