using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace PayPerUse.EfCore.Tests.Credits;

/// <summary>
/// Databases whose credit tables are partitioned by the hash of the account. They are made by the script of EF Core's own model,
/// with partitions added, so that the two cannot drift apart.
/// </summary>
public sealed partial class PartitionedDatabase : PostgresDatabase
{
    /// <summary>How many partitions each table has.</summary>
    public const int Partitions = 4;

    protected override async Task CreateTablesAsync(string connectionString)
    {
        await using var host = EfHost.OnPostgres(connectionString);
        await using var context = await host
            .Services.GetRequiredService<IDbContextFactory<PayPerUseDbContext>>()
            .CreateDbContextAsync();
        var tables = CreditTablesOf(context.Model);
        var made = 0;
        var script = CreateTable().Replace(context.Database.GenerateCreateScript(), Partition);
        Assert.Equal(tables.Length, made);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await PostgresScene.ExecuteAsync(connection, script);

        string Partition(Match table)
        {
            var name = table.Groups["name"].Value;
            if (!tables.Contains(name))
            {
                return table.Value;
            }

            // Storage parameters belong to the partitions: the table itself stores nothing.
            made++;
            var storage = table.Groups["storage"].Value;
            var partitions = Enumerable
                .Range(0, Partitions)
                .Select(i =>
                    $"CREATE TABLE {name}_{i} PARTITION OF {name} FOR VALUES WITH (MODULUS {Partitions}, REMAINDER {i}) {storage};\n"
                );
            return $"CREATE TABLE {name} ({table.Groups["columns"].Value}) PARTITION BY HASH (account);\n"
                + string.Concat(partitions);
        }
    }

    /// <summary>The tables whose key begins with the account, whichever they are.</summary>
    public static string[] CreditTablesOf(IModel model) =>
        [
            .. model
                .GetEntityTypes()
                .Where(t => t.FindPrimaryKey()?.Properties[0].GetColumnName() == "account")
                .Select(t => t.GetTableName()!)
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(
        @"^CREATE TABLE (?<name>\w+) \((?<columns>.*?)^\)\s*(?<storage>WITH \([^)]*\))?;",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex CreateTable();
}
