using System.Security.Claims;
using PayPerUse.Accounts;
using PayPerUse.Credits;

namespace PayPerUse.Snippets;

internal static class Selling
{
    public static void Configure(WebApplicationBuilder builder)
    {
        #region selling-add
        builder
            .Services.AddPayPerUse(o =>
            {
                o.RequiredConsent = "2026-1";
                o.Withdrawal.Days = 14;
            })
            .AddSeller(builder.Configuration.GetSection("Seller"));
        #endregion
    }

    public static void MapAccount(WebApplication app)
    {
        #region selling-account
        // The balance, history and payments in words, receipts, and whether something can be withdrawn.
        app.MapGet(
            "/account",
            async (ClaimsPrincipal user, AccountOverviews accounts, CancellationToken ct) =>
                ShowAccount(await accounts.ReadAsync(AccountOf(user), "nl", action => action + " (actie)", ct))
        );

        // Everything that is kept, as a JSON file.
        app.MapAccountData("/account/data");

        // What the app keeps goes; credits and payments stay under an id that leads to nobody.
        app.MapPost(
            "/account/delete",
            async (ClaimsPrincipal user, AccountDeletion deletion, CancellationToken ct) =>
                (await deletion.DeleteAsync(AccountOf(user), ct)).IsDeleted
                    ? Results.LocalRedirect("/")
                    : Results.Conflict("Something is still under way. Nothing was deleted; try again in a few minutes.")
        );
        #endregion
    }

    private static AccountId AccountOf(ClaimsPrincipal user) => new(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    private static IResult ShowAccount(AccountOverview account) => Results.Json(account);
}
