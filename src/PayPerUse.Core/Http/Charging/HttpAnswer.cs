using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PayPerUse.Http.Charging;

/// <summary>Status, headers and body of an answer, as bytes and back.</summary>
internal sealed record HttpAnswer(int Status, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, byte[] Body)
    : IResult
{
    /// <summary>Tells a client that it was given this before.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    private const byte Version = 1;

    // A cookie belongs to the moment; the rest is the connection's.
    private static readonly HashSet<string> NotKept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Set-Cookie",
        "Connection",
        "Keep-Alive",
        "Transfer-Encoding",
        "Date",
        "Server",
    };

    public static HttpAnswer Of(HttpResponse response, byte[] body) =>
        new(response.StatusCode, [.. response.Headers.Where(h => !NotKept.Contains(h.Key))], body);

    public static HttpAnswer Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadByte() != Version)
        {
            throw new InvalidDataException("The kept answer is of another version.");
        }

        var status = reader.ReadInt32();
        var headers = new KeyValuePair<string, StringValues>[reader.ReadInt32()];
        for (var i = 0; i < headers.Length; i++)
        {
            var name = reader.ReadString();
            var values = new string[reader.ReadInt32()];
            for (var j = 0; j < values.Length; j++)
            {
                values[j] = reader.ReadString();
            }

            headers[i] = new(name, values);
        }

        return new HttpAnswer(status, headers, reader.ReadBytes(reader.ReadInt32()));
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write(Status);
        writer.Write(Headers.Count);
        foreach (var (name, values) in Headers)
        {
            writer.Write(name);
            writer.Write(values.Count);
            foreach (var value in values)
            {
                writer.Write(value ?? "");
            }
        }

        writer.Write(Body.Length);
        writer.Write(Body);
        writer.Flush();
        return bytes.ToArray();
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        foreach (var (name, values) in Headers)
        {
            response.Headers[name] = values;
        }

        response.Headers[ReplayedHeader] = "true";
        if (Body.Length > 0)
        {
            await response.Body.WriteAsync(Body, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
