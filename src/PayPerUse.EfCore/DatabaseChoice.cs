using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse.EfCore;

/// <summary>The databases that an app can run on, each with a context of its own, and so with its own migrations.</summary>
/// <typeparam name="TContext">What the app works with: the base of those contexts.</typeparam>
public sealed class DatabaseChoice<TContext>
    where TContext : DbContext
{
    private readonly IServiceCollection _services;
    private readonly string? _provider;
    private readonly string _connectionStringName;
    private readonly string? _connectionString;
    private readonly List<string> _names = [];
    private bool _isMade;

    internal DatabaseChoice(
        IServiceCollection services,
        string? provider,
        string connectionStringName,
        string? connectionString
    )
    {
        _services = services;
        _provider = string.IsNullOrWhiteSpace(provider) ? null : provider;
        _connectionStringName = connectionStringName;
        _connectionString = string.IsNullOrWhiteSpace(connectionString) ? null : connectionString;
    }

    /// <summary>Adds a database.</summary>
    /// <typeparam name="TDatabase">The context that owns its migrations; <c>dotnet ef --context</c> finds it, chosen or not.</typeparam>
    /// <param name="name">How the setting <c>Database:Provider</c> calls it, in any case. The first is the default.</param>
    /// <param name="configure">Puts the context on it: at work with a connection string, for <c>dotnet ef</c> perhaps without.</param>
    /// <param name="defaultConnectionString">Made where it is chosen and none is set; null when one is required.</param>
    /// <exception cref="PayPerUseException">It is chosen, and has no connection string.</exception>
    public DatabaseChoice<TContext> Add<TDatabase>(
        string name,
        Action<DbContextOptionsBuilder, string?> configure,
        Func<string>? defaultConnectionString = null
    )
        where TDatabase : TContext
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        _names.Add(name);
        if (_isMade || !string.Equals(_provider ?? name, name, StringComparison.OrdinalIgnoreCase))
        {
            _services.AddDbContextFactory<TDatabase>(o => configure(o, null));
            return this;
        }

        var connectionString =
            _connectionString
            ?? defaultConnectionString?.Invoke()
            ?? throw new PayPerUseException(
                $"Database:Provider is {name}: set ConnectionStrings:{_connectionStringName} too."
            );
        _isMade = true;
        _services.AddDbContextFactory<TDatabase>(o => configure(o, connectionString));
        _services.AddSingleton<IDbContextFactory<TContext>, Factory<TDatabase>>();
        _services.AddScoped<TContext>(p => p.GetRequiredService<TDatabase>());
        return this;
    }

    /// <exception cref="PayPerUseException">The setting names a database that was not added.</exception>
    internal void Check()
    {
        if (!_isMade)
        {
            throw new PayPerUseException($"Database:Provider is '{_provider}': use {string.Join(" or ", _names)}.");
        }
    }

    private sealed class Factory<TDatabase>(IDbContextFactory<TDatabase> contexts) : IDbContextFactory<TContext>
        where TDatabase : TContext
    {
        public TContext CreateDbContext() => contexts.CreateDbContext();
    }
}
