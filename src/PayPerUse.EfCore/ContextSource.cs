using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.EfCore;

/// <summary>Makes contexts that belong to the stores alone: never the instance, connection or transaction of the app's own work.</summary>
internal interface IContextSource
{
    /// <summary>Makes a context; the lease is the caller's to dispose.</summary>
    ContextLease Lease();
}

/// <inheritdoc />
/// <remarks>Works with <c>AddDbContext</c>, <c>AddDbContextFactory</c> and their pooled forms.</remarks>
internal sealed class ContextSource<TContext>(IServiceScopeFactory scopes) : IContextSource
    where TContext : DbContext
{
    public ContextLease Lease()
    {
        var scope = scopes.CreateAsyncScope();
        var factory = scope.ServiceProvider.GetService<IDbContextFactory<TContext>>();
        return factory is null
            ? new ContextLease(scope, scope.ServiceProvider.GetRequiredService<TContext>(), isOwn: false)
            : new ContextLease(scope, factory.CreateDbContext(), isOwn: true);
    }
}

/// <summary>A context and the scope it lives in.</summary>
internal sealed class ContextLease(AsyncServiceScope scope, DbContext context, bool isOwn) : IAsyncDisposable
{
    public DbContext Context { get; } = context;

    public async ValueTask DisposeAsync()
    {
        if (isOwn)
        {
            await Context.DisposeAsync().ConfigureAwait(false);
        }

        await scope.DisposeAsync().ConfigureAwait(false);
    }
}
