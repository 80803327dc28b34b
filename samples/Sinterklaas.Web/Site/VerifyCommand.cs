using PayPerUse.Credits;

namespace Sinterklaas.Web.Site;

/// <summary><c>-- verify</c>: recomputes every account from its log, while the site runs or not. Ends with 1 when one differs.</summary>
internal static class VerifyCommand
{
    public const string Name = "verify";

    public static async Task<int> VerifyAsync(this WebApplication app)
    {
        var accounts = 0;
        var wrong = 0;
        await foreach (var verdict in app.Services.GetRequiredService<CreditLedger>().VerifyAsync())
        {
            accounts++;
            if (!verdict.IsClean)
            {
                wrong++;
                Console.WriteLine(verdict);
            }
        }

        Console.WriteLine($"{accounts} account(s) verified, {wrong} wrong.");
        return wrong == 0 ? 0 : 1;
    }
}
