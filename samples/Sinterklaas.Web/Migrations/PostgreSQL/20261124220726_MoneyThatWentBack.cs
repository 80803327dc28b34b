using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sinterklaas.Web.Migrations.PostgreSQL
{
    /// <inheritdoc />
    public partial class MoneyThatWentBack : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "accepted",
                table: "payments",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "charge_id",
                table: "payments",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "disputed_amount",
                table: "payments",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "granted_at",
                table: "payments",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "refunds",
                table: "payments",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "reversal",
                table: "payments",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "reversals",
                table: "payments",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "by",
                table: "payment_events",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "payment_cursors",
                columns: table => new
                {
                    feed = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    cursor = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_cursors", x => x.feed);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payments_charge",
                table: "payments",
                columns: new[] { "provider", "charge_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "payment_cursors");

            migrationBuilder.DropIndex(
                name: "ix_payments_charge",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "accepted",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "charge_id",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "disputed_amount",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "granted_at",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "refunds",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "reversal",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "reversals",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "by",
                table: "payment_events");
        }
    }
}
