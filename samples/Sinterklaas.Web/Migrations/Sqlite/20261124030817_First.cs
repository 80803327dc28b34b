using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sinterklaas.Web.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "credit_grants",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    grant_id = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    credits = table.Column<long>(type: "INTEGER", nullable: false),
                    free = table.Column<long>(type: "INTEGER", nullable: false),
                    reserved = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked = table.Column<long>(type: "INTEGER", nullable: false),
                    granted_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: true),
                    usable_until = table.Column<long>(type: "INTEGER", nullable: true),
                    is_live = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_grants", x => new { x.account, x.grant_id });
                });

            migrationBuilder.CreateTable(
                name: "credit_reservations",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    operation_id = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    attempt = table.Column<Guid>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    credits = table.Column<long>(type: "INTEGER", nullable: false),
                    committed = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<short>(type: "INTEGER", nullable: false),
                    reserved_at = table.Column<long>(type: "INTEGER", nullable: false),
                    deadline = table.Column<long>(type: "INTEGER", nullable: false),
                    balance_after = table.Column<long>(type: "INTEGER", nullable: false),
                    balance_at_end = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    burns = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_credit_reservations", x => new { x.account, x.operation_id });
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    FriendlyName = table.Column<string>(type: "TEXT", nullable: true),
                    Xml = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_data_protection_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "mails",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    To = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mails", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "payment_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    payment_id = table.Column<string>(type: "TEXT", maxLength: 35, nullable: false),
                    from_status = table.Column<short>(type: "INTEGER", nullable: true),
                    to_status = table.Column<short>(type: "INTEGER", nullable: false),
                    trigger = table.Column<short>(type: "INTEGER", nullable: false),
                    detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "payments",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 35, nullable: false),
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    pack = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    credits = table.Column<long>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    lifetime = table.Column<long>(type: "INTEGER", nullable: true),
                    provider = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    mode = table.Column<short>(type: "INTEGER", nullable: false),
                    description = table.Column<string>(type: "TEXT", maxLength: 140, nullable: false),
                    callback_url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    return_page_url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: false),
                    return_url = table.Column<string>(type: "TEXT", maxLength: 1024, nullable: true),
                    consent = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    request_key = table.Column<string>(type: "TEXT", maxLength: 160, nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    status = table.Column<short>(type: "INTEGER", nullable: false),
                    open_key = table.Column<string>(type: "TEXT", maxLength: 251, nullable: true),
                    provider_payment_id = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    checkout_url = table.Column<string>(type: "TEXT", maxLength: 2048, nullable: true),
                    paid_at = table.Column<long>(type: "INTEGER", nullable: true),
                    refunded_amount = table.Column<long>(type: "INTEGER", nullable: true),
                    reversed_credits = table.Column<long>(type: "INTEGER", nullable: false),
                    checked_at = table.Column<long>(type: "INTEGER", nullable: true),
                    next_check_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payments", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_codes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    TicketHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    CodeHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UsedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_in_codes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "sign_in_tries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Key = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_in_tries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "usage_logs",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    operation_id = table.Column<string>(type: "TEXT", maxLength: 168, nullable: false),
                    attempt = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind = table.Column<short>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    credits = table.Column<long>(type: "INTEGER", nullable: false),
                    balance = table.Column<long>(type: "INTEGER", nullable: false),
                    target = table.Column<string>(type: "TEXT", maxLength: 160, nullable: true),
                    grants = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_usage_logs", x => new { x.account, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "user_credits",
                columns: table => new
                {
                    account = table.Column<string>(type: "TEXT", maxLength: 161, nullable: false),
                    free = table.Column<long>(type: "INTEGER", nullable: false),
                    reserved = table.Column<long>(type: "INTEGER", nullable: false),
                    debt = table.Column<long>(type: "INTEGER", nullable: false),
                    rate_window_start = table.Column<long>(type: "INTEGER", nullable: false),
                    rate_count = table.Column<int>(type: "INTEGER", nullable: false),
                    last_time = table.Column<long>(type: "INTEGER", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_credits", x => x.account);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "gifts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    ChildName = table.Column<string>(type: "TEXT", nullable: false),
                    Age = table.Column<int>(type: "INTEGER", nullable: false),
                    GoodDeeds = table.Column<string>(type: "TEXT", nullable: false),
                    Wishes = table.Column<string>(type: "TEXT", nullable: false),
                    Language = table.Column<string>(type: "TEXT", nullable: false),
                    Text = table.Column<string>(type: "TEXT", nullable: false),
                    HasSound = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gifts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_gifts_users_UserId",
                        column: x => x.UserId,
                        principalTable: "users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    UserId = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_sessions_users_UserId",
                        column: x => x.UserId,
                        principalTable: "users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "gift_sounds",
                columns: table => new
                {
                    GiftId = table.Column<string>(type: "TEXT", nullable: false),
                    ContentType = table.Column<string>(type: "TEXT", nullable: false),
                    Bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_gift_sounds", x => x.GiftId);
                    table.ForeignKey(
                        name: "FK_gift_sounds_gifts_GiftId",
                        column: x => x.GiftId,
                        principalTable: "gifts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_due",
                table: "credit_grants",
                columns: new[] { "is_live", "usable_until" });

            migrationBuilder.CreateIndex(
                name: "ix_credit_grants_live",
                table: "credit_grants",
                columns: new[] { "account", "is_live" });

            migrationBuilder.CreateIndex(
                name: "ix_credit_reservations_due",
                table: "credit_reservations",
                column: "deadline",
                filter: "state = 1");

            migrationBuilder.CreateIndex(
                name: "ix_credit_reservations_open",
                table: "credit_reservations",
                columns: new[] { "account", "deadline" },
                filter: "state = 1");

            migrationBuilder.CreateIndex(
                name: "IX_gifts_UserId_CreatedAt",
                table: "gifts",
                columns: new[] { "UserId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_mails_To_Id",
                table: "mails",
                columns: new[] { "To", "Id" });

            migrationBuilder.CreateIndex(
                name: "ix_payment_events_payment",
                table: "payment_events",
                columns: new[] { "payment_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_account",
                table: "payments",
                columns: new[] { "account", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_due",
                table: "payments",
                column: "next_check_at");

            migrationBuilder.CreateIndex(
                name: "ix_payments_provider",
                table: "payments",
                columns: new[] { "provider", "provider_payment_id" });

            migrationBuilder.CreateIndex(
                name: "ix_payments_status",
                table: "payments",
                column: "status");

            migrationBuilder.CreateIndex(
                name: "ux_payments_open",
                table: "payments",
                column: "open_key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ux_payments_request",
                table: "payments",
                columns: new[] { "account", "request_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_UserId",
                table: "sessions",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_codes_Email_Id",
                table: "sign_in_codes",
                columns: new[] { "Email", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_tries_At",
                table: "sign_in_tries",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_sign_in_tries_Key_At",
                table: "sign_in_tries",
                columns: new[] { "Key", "At" });

            migrationBuilder.CreateIndex(
                name: "ux_usage_logs_operation",
                table: "usage_logs",
                columns: new[] { "account", "operation_id" },
                unique: true,
                filter: "kind IN (1, 2, 6, 7)");

            migrationBuilder.CreateIndex(
                name: "IX_users_Email",
                table: "users",
                column: "Email",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credit_grants");

            migrationBuilder.DropTable(
                name: "credit_reservations");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "gift_sounds");

            migrationBuilder.DropTable(
                name: "mails");

            migrationBuilder.DropTable(
                name: "payment_events");

            migrationBuilder.DropTable(
                name: "payments");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "sign_in_codes");

            migrationBuilder.DropTable(
                name: "sign_in_tries");

            migrationBuilder.DropTable(
                name: "usage_logs");

            migrationBuilder.DropTable(
                name: "user_credits");

            migrationBuilder.DropTable(
                name: "gifts");

            migrationBuilder.DropTable(
                name: "users");
        }
    }
}
