namespace PayPerUse.Credits;

/// <summary>Moves what an app keeps of its own when an account is merged into another: letters, files, orders.</summary>
/// <remarks>
/// Registered as a service, as many as an app needs. Called after the credits have moved, and again when the same merge is asked for
/// again: it must do no harm twice. If it throws, the merge is asked for again by whoever asked.
/// </remarks>
public interface IAccountMergeHandler
{
    /// <summary>Moves what is left of the source to the target.</summary>
    /// <param name="source">The account that is closed.</param>
    /// <param name="target">The account that took it over.</param>
    /// <param name="cancellationToken">Ends it; it is called again.</param>
    Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken);
}
