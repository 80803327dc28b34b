using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace PayPerUse.EfCore.Tests;

/// <summary>What adopters' migrations are made of, so that it cannot change by accident.</summary>
public sealed class ModelTests
{
    private static readonly string[] CreditTables =
    [
        "credit_checkpoints",
        "credit_grants",
        "credit_known_ids",
        "credit_reservations",
        "usage_logs",
        "user_credits",
    ];

    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    [Theory]
    [MemberData(nameof(Databases))]
    public void The_tables_are_those_of_the_design(string database)
    {
        var tables = TypesOf(database).Select(t => t.GetTableName()).Order(StringComparer.Ordinal);
        Assert.Equal(
            CreditTables
                .Concat([
                    "credit_walks",
                    "kept_answers",
                    "low_balances",
                    "payment_cursors",
                    "payment_events",
                    "payments",
                    "receipts",
                ])
                .Order(StringComparer.Ordinal),
            tables
        );
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public void Every_key_and_unique_index_of_the_credit_tables_begins_with_the_account(string database)
    {
        var types = TypesOf(database).Where(t => CreditTables.Contains(t.GetTableName())).ToArray();
        Assert.Equal(CreditTables.Length, types.Length);
        foreach (var type in types)
        {
            var keys = type.GetKeys().Select(k => k.Properties[0]);
            var indexes = type.GetIndexes().Where(i => i.IsUnique).Select(i => i.Properties[0]);
            Assert.All(keys.Concat(indexes), p => Assert.Equal("account", p.GetColumnName()));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public void Columns_are_snake_case_and_texts_have_a_length(string database)
    {
        foreach (var property in TypesOf(database).SelectMany(t => t.GetProperties()))
        {
            Assert.Matches("^[a-z]+(_[a-z]+)*$", property.GetColumnName());
            if (
                property.ClrType == typeof(string)
                && property.GetColumnName()
                    is not ("burns" or "grants" or "refunds" or "free_grants" or "open_reserves")
            )
            {
                Assert.NotNull(property.GetMaxLength());
            }
        }
    }

    [Fact]
    public void Ids_are_compared_ordinally_on_PostgreSQL()
    {
        string[] ids =
        [
            "account",
            "operation_id",
            "grant_id",
            "request_key",
            "open_key",
            "provider_payment_id",
            "charge_id",
            "payment_id",
            "series",
        ];
        var columns = TypesOf("postgres").SelectMany(t => t.GetProperties()).ToArray();
        Assert.All(columns.Where(c => ids.Contains(c.GetColumnName())), c => Assert.Equal("C", c.GetCollation()));
    }

    private static IEnumerable<IEntityType> TypesOf(string database)
    {
        var options = new DbContextOptionsBuilder<PayPerUseDbContext>();
        _ = database == "sqlite" ? options.UseSqlite("Data Source=unused.db") : options.UseNpgsql("Host=unused");
        using var context = new PayPerUseDbContext(options.Options);
        var model = Microsoft.EntityFrameworkCore.Infrastructure.AccessorExtensions.GetService<IDesignTimeModel>(
            context
        );
        return model.Model.GetEntityTypes();
    }
}
