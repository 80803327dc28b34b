using System.Text.Json.Nodes;
using PayPerUse.Credits;

namespace PayPerUse.Accounts;

/// <summary>Something that an app keeps of an account beside its credits and payments: a profile, letters, files.</summary>
/// <remarks>
/// Registered with <c>AddAccountData</c>, as many as an app has; <c>AddAccountRows</c> of the Entity Framework package makes one of a
/// table. It comes along in <see cref="AccountExport"/>, and goes with <see cref="AccountDeletion"/>.
/// </remarks>
public interface IAccountData
{
    /// <summary>What it is called in the export, such as <c>letters</c>: its own name, in camelCase.</summary>
    string Name { get; }

    /// <summary>Reads all of it, for the person behind the account.</summary>
    /// <param name="owner">Whose: the owner of the account (<see cref="AccountId.Owner"/>), by convention the id of the user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>null when nothing is kept.</returns>
    Task<JsonNode?> ReadAsync(string owner, CancellationToken cancellationToken);

    /// <summary>Deletes all of it. It is called again when something failed meanwhile, and must do no harm twice.</summary>
    /// <param name="owner">Whose: the owner of the account (<see cref="AccountId.Owner"/>), by convention the id of the user.</param>
    /// <param name="cancellationToken">Ends it; it is called again.</param>
    Task DeleteAsync(string owner, CancellationToken cancellationToken);
}
