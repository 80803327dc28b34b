using System.Text.Json;

namespace Sinterklaas.Web.Gifts;

/// <summary><c>GET /account/gegevens</c>: everything we keep of a visitor, as a file.</summary>
public static class AccountData
{
    public static void MapAccountData(this WebApplication app) =>
        app.MapGet("/account/gegevens", ReadAsync).RequireAuthorization();

    private static async Task<IResult> ReadAsync(
        HttpContext context,
        AccountExport export,
        SignInUsers users,
        IDbContextFactory<AppDbContext> contexts,
        CancellationToken ct
    )
    {
        var id = context.User.UserId();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var gifts = await db.Gifts.AsNoTracking().Where(g => g.UserId == id).OrderBy(g => g.CreatedAt).ToListAsync(ct);
        var data = await export.ReadAsync(new AccountId(id), ct);
        data["profile"] = JsonSerializer.SerializeToNode(await users.FindAsync(id, ct), JsonSerializerOptions.Web);
        data["gifts"] = JsonSerializer.SerializeToNode(gifts, JsonSerializerOptions.Web);
        return Results.File(
            JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions.Web),
            "application/json",
            "sinterklaas.json"
        );
    }
}
