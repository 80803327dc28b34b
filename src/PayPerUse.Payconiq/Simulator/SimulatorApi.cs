using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The API as the shop calls it.</summary>
internal sealed partial class SimulatorApi(
    PayconiqSimulator bank,
    SimulatorKeys keys,
    SimulatorSignatures signatures,
    SimulatorAddresses addresses,
    IOptions<PayconiqSimulatorOptions> options,
    TimeProvider clock
)
{
    private const int MaxBody = 64 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public IResult Jwks() => SimulatorJson.Result(keys.ToJwks());

    public async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsAuthorized(request))
        {
            return SimulatorErrors.Unauthorized;
        }

        var (body, error) = await ReadAsync(request, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            return error;
        }

        var (draft, refusal) = SimulatorRequests.ReadOrder(body, options.Value.StrictRules);
        return draft is null
            ? refusal!
            : SimulatorJson.Result(
                SimulatorJson.Payment(bank.Create(draft), addresses, options.Value, isNew: true),
                StatusCodes.Status201Created
            );
    }

    public IResult Get(HttpRequest request, string paymentId) =>
        !IsAuthorized(request) ? SimulatorErrors.Unauthorized
        : bank.Find(paymentId) is { } payment
            ? SimulatorJson.Result(SimulatorJson.Payment(payment, addresses, options.Value))
        : SimulatorErrors.NotFound;

    public IResult Cancel(HttpRequest request, string paymentId)
    {
        if (!IsAuthorized(request))
        {
            return SimulatorErrors.Unauthorized;
        }

        return bank.Find(paymentId) switch
        {
            null => SimulatorErrors.NotFound,
            { IsOpen: true } when bank.Cancel(paymentId) is { Status: "CANCELLED" } => Results.NoContent(),
            var payment => SimulatorErrors.NotPending(bank.Find(paymentId) ?? payment),
        };
    }

    public async Task<IResult> SearchAsync(
        HttpRequest request,
        CancellationToken cancellationToken,
        int page = 0,
        int size = 20
    )
    {
        if (!IsAuthorized(request))
        {
            return SimulatorErrors.Unauthorized;
        }

        if (page < 0 || size is < 1 or > 500)
        {
            return SimulatorErrors.Field("FIELD_IS_INVALID", "page must be 0 or more, size 1 to 500.");
        }

        var (body, error) = await ReadAsync(request, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            return error;
        }

        var (isWanted, refusal) = SimulatorRequests.ReadSearch(body, clock.GetUtcNow());
        if (isWanted is null)
        {
            return refusal!;
        }

        var found = bank.All().Where(isWanted).ToArray();
        var shown = found
            .Skip((int)Math.Min((long)page * size, int.MaxValue))
            .Take(size)
            .Select(p => (JsonNode)SimulatorJson.Payment(p, addresses, options.Value))
            .ToArray();
        return SimulatorJson.Result(
            new JsonObject
            {
                ["size"] = shown.Length,
                ["totalPages"] = (found.Length + size - 1) / size,
                ["totalElements"] = found.Length,
                ["number"] = page,
                ["details"] = new JsonArray(shown),
            }
        );
    }

    private bool IsAuthorized(HttpRequest request) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()),
            Encoding.UTF8.GetBytes("Bearer " + options.Value.ApiKey)
        );

    private static async Task<(JsonElement Body, IResult? Error)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var (bytes, error) = await ReadBytesAsync(request, cancellationToken).ConfigureAwait(false);
        return error is null ? Parse(bytes) : (default, error);
    }

    internal static async Task<(byte[] Bytes, IResult? Error)> ReadBytesAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[4096];
        while (await request.Body.ReadAsync(chunk, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (buffer.Length + read > MaxBody)
            {
                return ([], SimulatorErrors.Field("FIELD_IS_INVALID", "The body is too long."));
            }

            buffer.Write(chunk, 0, read);
        }

        return (buffer.ToArray(), null);
    }

    internal static (JsonElement Body, IResult? Error) Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return (default, SimulatorErrors.Field("BODY_MISSING", "There is no body."));
        }

        try
        {
            var body = JsonElement.Parse(bytes, Strict);
            RequireUnicode(bytes);
            return body.ValueKind == JsonValueKind.Object
                ? (body, null)
                : (default, SimulatorErrors.Field("FIELD_IS_INVALID", "The body is not a JSON object."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (default, SimulatorErrors.Field("FIELD_IS_INVALID", "The body is not JSON in valid Unicode."));
        }
    }

    /// <summary>Reads every text, so that none fails later: parsing lets half a pair of surrogates through.</summary>
    private static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
            {
                reader.GetString();
            }
        }
    }
}
