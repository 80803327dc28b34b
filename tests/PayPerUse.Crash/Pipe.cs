using System.Text;

namespace PayPerUse.Crash;

/// <summary>Lines to whoever started this host.</summary>
internal static class Pipe
{
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static readonly Lock Gate = new();

    public static void Tell(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (Gate)
        {
            // Straight to the pipe: what is written survives the process.
            Output.Write(bytes);
        }
    }
}
