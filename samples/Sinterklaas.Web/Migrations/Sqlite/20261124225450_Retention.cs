using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sinterklaas.Web.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "credit_checkpoints",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    balance = table.Column<long>(type: "INTEGER", nullable: false),
                    spent = table.Column<long>(type: "INTEGER", nullable: false),
                    committed = table.Column<long>(type: "INTEGER", nullable: false),
                    expired = table.Column<long>(type: "INTEGER", nullable: false),
                    free_grants = table.Column<string>(type: "TEXT", nullable: false),
                    open_reserves = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_checkpoints", x => x.account);
                });

            migrationBuilder.CreateTable(
                name: "credit_known_ids",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    operation_id = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    attempt = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<short>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    credits = table.Column<long>(type: "INTEGER", nullable: false),
                    balance = table.Column<long>(type: "INTEGER", nullable: false),
                    target = table.Column<string>(type: "TEXT", maxLength: 160, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_known_ids", x => new { x.account, x.operation_id });
                });

            migrationBuilder.CreateTable(
                name: "credit_walks",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    walked_to = table.Column<string>(type: "TEXT", maxLength: 161, nullable: true),
                    began_at = table.Column<long>(type: "INTEGER", nullable: false),
                    held_until = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_walks", x => x.name);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credit_checkpoints");

            migrationBuilder.DropTable(
                name: "credit_known_ids");

            migrationBuilder.DropTable(
                name: "credit_walks");
        }
    }
}
