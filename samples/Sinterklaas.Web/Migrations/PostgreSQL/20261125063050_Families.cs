using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sinterklaas.Web.Migrations.PostgreSQL
{
    /// <inheritdoc />
    public partial class Families : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_gifts_users_UserId",
                table: "gifts");

            migrationBuilder.DropIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs");

            migrationBuilder.AddColumn<string>(
                name: "merged_into",
                table: "user_credits",
                type: "character varying(161)",
                maxLength: 161,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "consent_text",
                table: "payments",
                type: "character varying(1000)",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "consented_at",
                table: "payments",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "language",
                table: "payments",
                type: "character varying(35)",
                maxLength: 35,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "owed_amount",
                table: "payments",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Children",
                table: "gifts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ParentNote",
                table: "gifts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShareHash",
                table: "gifts",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ToImprove",
                table: "gifts",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "receipts",
                columns: table => new
                {
                    series = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false, collation: "C"),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    payment_id = table.Column<string>(type: "character varying(35)", maxLength: 35, nullable: false, collation: "C"),
                    position = table.Column<int>(type: "integer", nullable: false),
                    account = table.Column<string>(type: "character varying(161)", maxLength: 161, nullable: false, collation: "C"),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    description = table.Column<string>(type: "character varying(140)", maxLength: 140, nullable: false),
                    credits = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    vat_rate = table.Column<int>(type: "integer", nullable: true),
                    vat = table.Column<long>(type: "bigint", nullable: false),
                    seller_name = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    seller_address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    seller_email = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    enterprise_number = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    vat_number = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    small_business = table.Column<bool>(type: "boolean", nullable: false),
                    small_business_mention = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    issued_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_receipts", x => new { x.series, x.sequence });
                });

            migrationBuilder.CreateIndex(
                name: "ix_user_credits_merged_into",
                table: "user_credits",
                column: "merged_into",
                filter: "merged_into IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs",
                columns: new[] { "account", "operation_id" },
                unique: true,
                filter: "kind IN (1, 2, 6, 7, 10, 11, 12)");

            migrationBuilder.CreateIndex(
                name: "ix_payments_owed",
                table: "payments",
                column: "owed_amount");

            migrationBuilder.CreateIndex(
                name: "IX_gifts_ShareHash",
                table: "gifts",
                column: "ShareHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_receipts_payment",
                table: "receipts",
                columns: new[] { "payment_id", "position" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "receipts");

            migrationBuilder.DropIndex(
                name: "ix_user_credits_merged_into",
                table: "user_credits");

            migrationBuilder.DropIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs");

            migrationBuilder.DropIndex(
                name: "ix_payments_owed",
                table: "payments");

            migrationBuilder.DropIndex(
                name: "IX_gifts_ShareHash",
                table: "gifts");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "user_credits");

            migrationBuilder.DropColumn(
                name: "consent_text",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "consented_at",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "language",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "owed_amount",
                table: "payments");

            migrationBuilder.DropColumn(
                name: "Children",
                table: "gifts");

            migrationBuilder.DropColumn(
                name: "ParentNote",
                table: "gifts");

            migrationBuilder.DropColumn(
                name: "ShareHash",
                table: "gifts");

            migrationBuilder.DropColumn(
                name: "ToImprove",
                table: "gifts");

            migrationBuilder.CreateIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs",
                columns: new[] { "account", "operation_id" },
                unique: true,
                filter: "kind IN (1, 2, 6, 7)");

            migrationBuilder.AddForeignKey(
                name: "FK_gifts_users_UserId",
                table: "gifts",
                column: "UserId",
                principalTable: "users",
                principalColumn: "Id",
                onDelete: ReferentialAction.Cascade);
        }
    }
}
