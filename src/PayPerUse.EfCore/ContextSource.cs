using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
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
    private bool _isChecked;

    public ContextLease Lease()
    {
        var lease = Make();
        if (!_isChecked)
        {
            try
            {
                Check(lease.Context);
            }
            catch
            {
                lease.DisposeAsync().AsTask().GetAwaiter().GetResult();
                throw;
            }

            _isChecked = true;
        }

        return lease;
    }

    /// <summary>On a connection that the app holds, a debit would be part of the app's transaction and end with it.</summary>
    private static void Check(DbContext context)
    {
        var relational = context
            .GetService<IDbContextOptions>()
            .Extensions.OfType<RelationalOptionsExtension>()
            .FirstOrDefault();
        if (relational is null)
        {
            throw new PayPerUseException(
                $"{typeof(TContext).Name} is not on a relational database; use SQLite or PostgreSQL, or leave UseEntityFrameworkCore out to keep credits in memory."
            );
        }

        if (relational.Connection is not null)
        {
            throw new PayPerUseException(
                $"{typeof(TContext).Name} shares one open connection; configure it with a connection string, so that credits get connections of their own."
            );
        }
    }

    private ContextLease Make()
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
