using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Endpoints;

internal static class RequestBody
{
    /// <summary>Reads a whole body; null when it is longer than allowed, of which no more is read than needed to know.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(this HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        var reader = request.BodyReader;
        var read = await reader
            .ReadAtLeastAsync(maxBytes + 1, request.HttpContext.RequestAborted)
            .ConfigureAwait(false);
        var isWhole = read.Buffer.Length <= maxBytes;
        ReadOnlyMemory<byte>? bytes = isWhole ? System.Buffers.BuffersExtensions.ToArray(read.Buffer) : null;
        reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
