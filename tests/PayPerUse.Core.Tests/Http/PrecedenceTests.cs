using System.Text.Json.Nodes;
using PayPerUse.Core.Tests.Http.Charging;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http;

/// <summary>When more than one thing is wrong with a request, the answer is the first of 401, 403, 400, 409, 429, 402.</summary>
public sealed class PrecedenceTests
{
    private static readonly int[] Order = [401, 403, 400, 409, 429, 402];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/credits/use")]
    [InlineData("/minimal/scene")]
    [InlineData("/controller/scene")]
    [InlineData("/page/scene")]
    [InlineData("/group/scene")]
    public async Task Of_every_combination_of_faults_the_first_is_answered(string path)
    {
        await using var house = await HttpHouse.StartAsync(s =>
        {
            ChargedHouse.Furnish(s, new Scene());
            s.Options += o => o.RateLimit = new CreditRateLimit(2, TimeSpan.FromDays(1));
        });

        for (var faults = 0; faults < 1 << Order.Length; faults++)
        {
            var wrong = Order.Where((_, i) => (faults & (1 << i)) != 0).ToArray();

            var answer = await SendAsync(house, path, wrong);

            var expected = wrong.Length == 0 ? 200 : wrong[0];
            Assert.True(
                expected == (int)answer.StatusCode,
                $"With {string.Join('+', wrong)} wrong: {(int)answer.StatusCode} instead of {expected}."
            );
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpHouse house, string path, int[] wrong)
    {
        // A user whose credits, rate window and used key are as wrong as the case says.
        var user = "u" + Guid.NewGuid().ToString("N");
        var account = new AccountId(user);
        var earlier = wrong.Contains(429) ? 2 : 1;
        await house.GrantAsync(earlier, user);
        for (var i = 0; i < earlier; i++)
        {
            await house.Ledger.SpendAsync(account, i == 0 ? "http:used" : "other", 1, "book", Token);
        }

        if (!wrong.Contains(402))
        {
            await house.GrantAsync(1, user);
        }

        using var client = house.MakeClient(wrong.Contains(401) ? null : user);
        return await house.SendAsync(
            HttpMethod.Post,
            path,
            path == "/credits/use" ? new JsonObject { ["action"] = "letter" } : null,
            wrong.Contains(400) ? "not visible"
                : wrong.Contains(409) ? "used"
                : "fresh",
            client,
            r =>
            {
                if (wrong.Contains(403))
                {
                    r.Headers.Add("Origin", "https://evil.example");
                }
            }
        );
    }
}
