using Microsoft.EntityFrameworkCore.Design;

namespace Sinterklaas.Web.Data;

/// <summary>
/// For <c>dotnet ef migrations add NAME --context SqliteAppDbContext --output-dir Migrations/Sqlite</c>; no database is opened.
/// </summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteAppDbContext>
{
    public SqliteAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteAppDbContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <summary>
/// For <c>dotnet ef migrations add NAME --context PostgreSqlAppDbContext --output-dir Migrations/PostgreSQL</c>.
/// </summary>
internal sealed class PostgreSqlDesignTime : IDesignTimeDbContextFactory<PostgreSqlAppDbContext>
{
    public PostgreSqlAppDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgreSqlAppDbContext>().UseNpgsql("Host=localhost").Options);
}
