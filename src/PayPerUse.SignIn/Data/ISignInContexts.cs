using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.SignIn.Data;

/// <summary>Runs work in a context of its own, never the instance or the transaction of the app's own work.</summary>
internal interface ISignInContexts
{
    /// <exception cref="SignInException">The database failed.</exception>
    Task<T> RunAsync<T>(Func<DbContext, Task<T>> work);
}

/// <remarks>Works with <c>AddDbContext</c>, <c>AddDbContextFactory</c> and their pooled forms.</remarks>
internal sealed class SignInContexts<TContext>(IServiceScopeFactory scopes) : ISignInContexts
    where TContext : DbContext
{
    public async Task<T> RunAsync<T>(Func<DbContext, Task<T>> work)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                if (scope.ServiceProvider.GetService<IDbContextFactory<TContext>>() is not { } factory)
                {
                    return await work(scope.ServiceProvider.GetRequiredService<TContext>()).ConfigureAwait(false);
                }

                var context = factory.CreateDbContext();
                await using (context.ConfigureAwait(false))
                {
                    return await work(context).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException || IsOfDatabase(e))
            {
                throw new SignInException("The database of sign-in failed: " + e.GetBaseException().Message, e);
            }
        }
    }

    // EF Core says of failures that may pass that they did not, in an exception of its own.
    private static bool IsOfDatabase(Exception e) =>
        e is InvalidOperationException { InnerException: DbException or TimeoutException };
}
