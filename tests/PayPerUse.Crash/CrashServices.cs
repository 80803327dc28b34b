using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.EfCore;

namespace PayPerUse.Crash;

/// <summary>What all hosts have: the ledger over a database.</summary>
internal static class CrashServices
{
    public static ServiceProvider Build(
        string database,
        string connection,
        Action<IServiceCollection>? more = null,
        Action<IPayPerUseBuilder>? configure = null
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        more?.Invoke(services);
        services.AddDbContextFactory<PayPerUseDbContext>(o =>
            _ = database == "sqlite" ? o.UseSqlite(connection) : o.UseNpgsql(connection)
        );
        var builder = services.AddPayPerUse().UseEntityFrameworkCore<PayPerUseDbContext>();
        configure?.Invoke(builder);
        return services.BuildServiceProvider();
    }
}
