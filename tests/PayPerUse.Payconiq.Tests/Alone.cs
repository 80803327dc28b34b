namespace PayPerUse.Payconiq.Tests;

/// <summary>
/// Tests that keep the whole machine busy, or whose hand-moved clock runs on while they wait for it: nothing else runs beside them.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
