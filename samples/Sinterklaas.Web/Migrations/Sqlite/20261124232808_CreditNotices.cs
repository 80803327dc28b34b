using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sinterklaas.Web.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CreditNotices : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<short>(
                name: "notice",
                table: "payment_events",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "notice_at",
                table: "payment_events",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "low_balances",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    balance = table.Column<long>(type: "INTEGER", nullable: false),
                    raised_at = table.Column<long>(type: "INTEGER", nullable: false),
                    notice_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_low_balances", x => x.account);
                });

            migrationBuilder.CreateIndex(
                name: "ix_payment_events_notice",
                table: "payment_events",
                column: "notice_at");

            migrationBuilder.CreateIndex(
                name: "ix_low_balances_notice",
                table: "low_balances",
                column: "notice_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "low_balances");

            migrationBuilder.DropIndex(
                name: "ix_payment_events_notice",
                table: "payment_events");

            migrationBuilder.DropColumn(
                name: "notice",
                table: "payment_events");

            migrationBuilder.DropColumn(
                name: "notice_at",
                table: "payment_events");
        }
    }
}
