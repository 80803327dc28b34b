using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Accounts;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Accounts;

/// <summary>The rows of a table of the app that name an account's owner.</summary>
internal sealed class AccountRows<TContext, TRow>(TContext db, string name, Expression<Func<TRow, string>> column)
    : IAccountData,
        IAccountMergeHandler
    where TContext : DbContext
    where TRow : class
{
    public string Name => name;

    public async Task<JsonNode?> ReadAsync(string owner, CancellationToken cancellationToken)
    {
        var rows = await Of(owner).AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        return JsonSerializer.SerializeToNode(rows, JsonSerializerOptions.Web);
    }

    public Task DeleteAsync(string owner, CancellationToken cancellationToken) =>
        Of(owner).ExecuteDeleteAsync(cancellationToken);

    public Task MergedAsync(AccountId source, AccountId target, CancellationToken cancellationToken) =>
        Of(source.Owner).ExecuteUpdateAsync(set => set.SetProperty(column, target.Owner), cancellationToken);

    private IQueryable<TRow> Of(string owner)
    {
        // As a compiler writes a lambda: the owner is a parameter of the query, not a part of it.
        Expression<Func<string>> value = () => owner;
        var isOwn = Expression.Equal(column.Body, value.Body);
        return db.Set<TRow>().Where(Expression.Lambda<Func<TRow, bool>>(isOwn, column.Parameters));
    }
}
