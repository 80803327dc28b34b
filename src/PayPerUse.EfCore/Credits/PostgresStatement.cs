using System.Data.Common;

namespace PayPerUse.EfCore.Credits;

/// <summary>One statement, its positional values, and what to do with its rows.</summary>
internal sealed class PostgresStatement(string sql, params object[] values)
{
    public string Sql { get; } = sql;

    public object[] Values { get; } = values;

    public Action<DbDataReader>? Read { get; init; }
}
