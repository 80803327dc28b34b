using Xunit;

namespace PayPerUse.Testing;

/// <summary>What this machine has for tests. What is missing skips a test with a reason, or fails it when all must run.</summary>
public static class Machine
{
    /// <summary>Whether a skip is a failure: <c>PAYPERUSE_REQUIRE_ALL=1</c>.</summary>
    public static bool RequireAll => Environment.GetEnvironmentVariable("PAYPERUSE_REQUIRE_ALL") == "1";

    /// <summary>The folder that holds the solution.</summary>
    public static string RepositoryRoot
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "PayPerUse.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new InvalidOperationException("The tests do not run from within the repository.");
        }
    }

    /// <summary>The path of a file of genuine provider messages.</summary>
    /// <remarks>
    /// The messages are not part of this repository. Where nobody laid them beside it a test is skipped, also when all must run;
    /// where they should be (<c>PAYPERUSE_ORACLES</c>, or <c>../shared/oracles</c>), each file must be there.
    /// </remarks>
    /// <param name="fileName">Such as <c>bancontact-callbacks.json</c>.</param>
    public static string Oracle(string fileName)
    {
        var given = Environment.GetEnvironmentVariable("PAYPERUSE_ORACLES");
        var folder = string.IsNullOrEmpty(given) ? Path.Combine(RepositoryRoot, "..", "shared", "oracles") : given;
        var file = Path.Combine(folder, fileName);
        if (!File.Exists(file))
        {
            var reason = $"There is no {fileName}; set PAYPERUSE_ORACLES to the folder of genuine provider messages.";
            if (string.IsNullOrEmpty(given) && !Directory.Exists(folder))
            {
                Assert.Skip(reason);
            }

            Missing(reason);
        }

        return file;
    }

    /// <summary>The path of Chromium.</summary>
    public static string Chromium() =>
        Find("chromium", "chromium-browser", "google-chrome") ?? MissingBinary("Chromium (Debian package chromium)");

    /// <summary>The path of espeak-ng.</summary>
    public static string EspeakNg() => Find("espeak-ng") ?? MissingBinary("espeak-ng (Debian package espeak-ng)");

    /// <summary>Skips the test, or fails it when all must run.</summary>
    /// <param name="reason">What is missing and how to get it.</param>
    public static void Missing(string reason)
    {
        if (RequireAll)
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    /// <summary>Finds a program.</summary>
    /// <param name="names">Its names, the first found counts.</param>
    public static string? Find(params string[] names) =>
        names
            .SelectMany(n =>
                (Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                    .Select(folder => Path.Combine(folder, n))
            )
            .FirstOrDefault(File.Exists);

    private static string MissingBinary(string name)
    {
        Missing($"There is no {name} on this machine.");
        return "";
    }
}
