using System.Text.Json;
using System.Text.Json.Nodes;
using PayPerUse.Accounts;

namespace PayPerUse.SignIn.Accounts;

/// <summary>What sign-in keeps of an account: the user, with sessions and codes.</summary>
internal sealed class SignInProfile(SignInUsers users) : IAccountData
{
    public string Name => "profile";

    public async Task<JsonNode?> ReadAsync(string owner, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(owner, cancellationToken).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var sessions = await users.ReadSessionsAsync(owner, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.SerializeToNode(
            new
            {
                user.Id,
                user.Email,
                user.CreatedAt,
                // Since when; what names a session is for its browser alone.
                Sessions = sessions.Select(at => new { CreatedAt = at }),
            },
            JsonSerializerOptions.Web
        );
    }

    public Task DeleteAsync(string owner, CancellationToken cancellationToken) =>
        users.DeleteAsync(owner, cancellationToken);
}
