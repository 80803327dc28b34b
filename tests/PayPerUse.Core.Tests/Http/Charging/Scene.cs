using Microsoft.AspNetCore.Http;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>What the paid action does in a test; the same for every kind of endpoint.</summary>
public sealed class Scene
{
    private int _runs;

    /// <summary>Returns null for an answer that it wrote itself, a text for an answer of that text, a number for a status.</summary>
    public Func<HttpContext, Task<object?>> Act { get; set; } = _ => Task.FromResult<object?>("a letter");

    /// <summary>How often the paid action ran.</summary>
    public int Runs => _runs;

    /// <summary>How often a page was only read.</summary>
    public int Reads { get; set; }

    public Task<object?> PlayAsync(HttpContext context)
    {
        Interlocked.Increment(ref _runs);
        return Act(context);
    }

    public void Reset()
    {
        Act = _ => Task.FromResult<object?>("a letter");
        _runs = 0;
        Reads = 0;
    }
}
