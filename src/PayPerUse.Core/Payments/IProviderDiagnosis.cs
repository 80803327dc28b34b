using System.Collections.Immutable;

namespace PayPerUse.Payments;

/// <summary>
/// A provider that can check its own settings by asking (keys accepted, permissions, keys for signatures readable, clock); for
/// <c>doctor</c>. Moves no money and makes nothing. Implemented beside <see cref="IPaymentProvider"/>.
/// </summary>
public interface IProviderDiagnosis
{
    /// <summary>Checks. What the provider answers is a finding, not an exception.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<ImmutableArray<DoctorFinding>> DiagnoseAsync(CancellationToken cancellationToken);
}

/// <summary>How bad a finding is.</summary>
public enum DoctorVerdict
{
    /// <summary>As it should be.</summary>
    Good = 1,

    /// <summary>It works, but a person should know.</summary>
    Warning = 2,

    /// <summary>It does not work.</summary>
    Bad = 3,
}

/// <summary>What was found.</summary>
/// <param name="Verdict">How bad it is.</param>
/// <param name="Subject">What was looked at, such as <c>stripe key</c>.</param>
/// <param name="Message">One sentence that names the setting and the fix; never a secret.</param>
public sealed record DoctorFinding(DoctorVerdict Verdict, string Subject, string Message);
