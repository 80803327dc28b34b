using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Answers;
using PayPerUse.Testing.Answers;

namespace PayPerUse.EfCore.Tests.Answers;

public sealed class SqliteAnswerStoreTests : EfAnswerStoreConformance
{
    private readonly string _file = EfHost.NewSqliteFile();

    protected override Task<EfHost> CreateHostAsync() => EfHost.OnSqlite(_file).CreateTablesAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EfHost.Delete(_file);
    }
}

public sealed class PostgresAnswerStoreTests(PostgresDatabase database)
    : EfAnswerStoreConformance,
        IClassFixture<PostgresDatabase>
{
    protected override Task<EfHost> CreateHostAsync() =>
        Task.FromResult(EfHost.OnPostgres(database.ConnectionString, isRetrying: true));
}

public abstract class EfAnswerStoreConformance : AnswerStoreConformance
{
    private EfHost? _host;

    protected abstract Task<EfHost> CreateHostAsync();

    protected override async Task<IAnswerStore> CreateStoreAsync()
    {
        _host = await CreateHostAsync();
        return _host.Services.GetRequiredService<IAnswerStore>();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
