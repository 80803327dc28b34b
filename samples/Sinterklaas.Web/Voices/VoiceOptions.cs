namespace Sinterklaas.Web.Voices;

/// <summary>The section <c>Voice</c>: how this machine speaks, with espeak-ng.</summary>
public sealed class VoiceOptions
{
    /// <summary>The program's file.</summary>
    /// <value>Default: <c>espeak-ng</c>, looked up on the PATH.</value>
    public string EspeakPath { get; set; } = "espeak-ng";

    /// <summary>Words a minute.</summary>
    /// <value>Default: 125: slow, as an old man speaks.</value>
    public int Speed { get; set; } = 125;

    /// <summary>From 0 (low) to 99.</summary>
    /// <value>Default: 15.</value>
    public int Pitch { get; set; } = 15;

    /// <summary>How long one recording may take.</summary>
    /// <value>Default: 20 s.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);
}
