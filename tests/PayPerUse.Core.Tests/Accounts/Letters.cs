using System.Text.Json.Nodes;
using PayPerUse.Accounts;

namespace PayPerUse.Core.Tests.Accounts;

/// <summary>The letters that an app keeps of accounts, and a diary of what was asked.</summary>
internal sealed class Letters(string name, List<string> diary) : IAccountData
{
    public string Name => name;

    public Task<JsonNode?> ReadAsync(string owner, CancellationToken cancellationToken) =>
        Task.FromResult<JsonNode?>(new JsonArray($"Dear {owner}"));

    public Task DeleteAsync(string owner, CancellationToken cancellationToken)
    {
        diary.Add($"{name} of {owner}");
        return Task.CompletedTask;
    }
}
