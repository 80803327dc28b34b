using Microsoft.EntityFrameworkCore.Metadata;

namespace PayPerUse.EfCore;

/// <summary>Which database a context talks to, told by its provider's name: no provider's package is referenced here.</summary>
internal static class DatabaseKind
{
    public const string PostgreSql = "Npgsql.EntityFrameworkCore.PostgreSQL";

    public const string Sqlite = "Microsoft.EntityFrameworkCore.Sqlite";

    /// <summary>
    /// The collation that compares code points; null where that is the default, as on SQLite. A model does not tell its provider's
    /// name, but the provider has marked it.
    /// </summary>
    public static string? OrdinalCollationOf(IReadOnlyModel model)
    {
        if (model.FindAnnotation("Npgsql:ValueGenerationStrategy") is not null)
        {
            return "C";
        }

        return model.FindAnnotation("SqlServer:ValueGenerationStrategy") is not null ? "Latin1_General_100_BIN2" : null;
    }
}
