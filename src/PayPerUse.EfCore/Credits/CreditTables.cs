using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace PayPerUse.EfCore.Credits;

/// <summary>The tables' names as the app's model has them (schema and all), quoted for SQL.</summary>
internal sealed record CreditTables(
    string Accounts,
    string Grants,
    string Reservations,
    string Log,
    string Checkpoints,
    string KnownIds
)
{
    public static CreditTables Of(DbContext context)
    {
        var sql = context.GetService<ISqlGenerationHelper>();
        return new CreditTables(
            NameOf<CreditAccountRow>(),
            NameOf<CreditGrantRow>(),
            NameOf<CreditReservationRow>(),
            NameOf<CreditEntryRow>(),
            NameOf<CreditCheckpointRow>(),
            NameOf<CreditKnownIdRow>()
        );

        string NameOf<TRow>()
        {
            var type =
                context.Model.FindEntityType(typeof(TRow))
                ?? throw new PayPerUseException(
                    $"{context.GetType().Name} has no PayPerUse tables; call modelBuilder.UsePayPerUse() in its OnModelCreating."
                );
            return sql.DelimitIdentifier(type.GetTableName()!, type.GetSchema());
        }
    }
}
