using System.Text.Json;
using System.Text.Json.Nodes;
using PayPerUse.Accounts;

namespace PayPerUse.SignIn.Accounts;

/// <summary>What sign-in keeps of an account: the user, with sessions and codes.</summary>
internal sealed class SignInProfile(SignInUsers users) : IAccountData
{
    public string Name => "profile";

    public async Task<JsonNode?> ReadAsync(string owner, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToNode(
            await users.FindAsync(owner, cancellationToken).ConfigureAwait(false),
            JsonSerializerOptions.Web
        );

    public Task DeleteAsync(string owner, CancellationToken cancellationToken) =>
        users.DeleteAsync(owner, cancellationToken);
}
