using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using PayPerUse;
using PayPerUse.Accounts;
using PayPerUse.Credits;
using PayPerUse.EfCore.Accounts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets an app's own rows belong to accounts.</summary>
public static class AccountRowsPayPerUseBuilderExtensions
{
    /// <summary>
    /// Lets the rows of a table belong to whoever owns the credits: they follow a merge (<see cref="IAccountMergeHandler"/>), come
    /// along in <see cref="AccountExport"/>, and go with <see cref="AccountDeletion"/>. Once for each table.
    /// </summary>
    /// <typeparam name="TContext">The context, added with AddDbContext, AddDbContextFactory or a pooled form of either.</typeparam>
    /// <typeparam name="TRow">The row. What it refers to comes along and goes only as far as the database takes it along.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="name">What they are called in the export, such as <c>letters</c>; rows are written as JSON for the web.</param>
    /// <param name="owner">The column with the owner: <see cref="AccountId.Owner"/>, such as <c>l => l.UserId</c>.</param>
    public static IPayPerUseBuilder AddAccountRows<TContext, TRow>(
        this IPayPerUseBuilder builder,
        string name,
        Expression<Func<TRow, string>> owner
    )
        where TContext : DbContext
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(owner);
        builder.Services.AddScoped<IAccountData>(Make);
        builder.Services.AddScoped<IAccountMergeHandler>(Make);
        return builder;

        AccountRows<TContext, TRow> Make(IServiceProvider services) =>
            new(services.GetRequiredService<TContext>(), name, owner);
    }
}
