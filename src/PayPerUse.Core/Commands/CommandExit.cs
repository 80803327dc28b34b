namespace PayPerUse.Commands;

/// <summary>How a command ends, for scripts.</summary>
internal static class CommandExit
{
    /// <summary>Done, and all is well.</summary>
    public const int Good = 0;

    /// <summary>Something is wrong (an account differs, the doctor found a fault), or the order was refused.</summary>
    public const int Bad = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The database or the provider did not answer; try again.</summary>
    public const int Unavailable = 3;
}
