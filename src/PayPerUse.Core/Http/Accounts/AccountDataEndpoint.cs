using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PayPerUse.Accounts;
using PayPerUse.Http.Guard;

namespace PayPerUse.Http.Accounts;

/// <summary>Everything that is kept of who asks, as a file.</summary>
internal static class AccountDataEndpoint
{
    public static async Task<IResult> ReadAsync(HttpContext context, AccountExport export, string fileName)
    {
        var data = await export.ReadAsync(context.GetAccount(), context.RequestAborted).ConfigureAwait(false);
        return Results.File(
            JsonSerializer.SerializeToUtf8Bytes(data, JsonSerializerOptions.Web),
            "application/json",
            fileName
        );
    }
}
