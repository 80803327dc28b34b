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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_user_credits_merged_into",
                table: "user_credits");

            migrationBuilder.DropIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "user_credits");

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
