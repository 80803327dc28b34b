using PayPerUse.Http;

namespace PayPerUse.Snippets;

/// <summary>What docs/http.md shows.</summary>
public static class OwnEndpoints
{
    public static void Map(WebApplication app)
    {
        #region own-endpoint
        app.MapPost(
                "/poems",
                async (HttpRequest request, CancellationToken cancellationToken) =>
                {
                    var (order, problem) = await JsonBody.ReadAsync<PoemOrder>(request, cancellationToken);
                    return problem is not null ? problem
                        : string.IsNullOrWhiteSpace(order!.About) ? ApiProblem.Invalid("about", "is required.")
                        : Results.Text("A poem about " + order.About);
                }
            )
            .RequireCredits("poem");
        #endregion
    }

    public sealed record PoemOrder(string? About);
}
