using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Endpoints;

internal static class RequestBody
{
    /// <summary>Reads a whole body; null when it is longer than allowed, of which no more is read than needed to know.</summary>
    /// <exception cref="BadHttpRequestException">It ends early.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(this HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        var reader = request.BodyReader;
        ReadResult read;
        try
        {
            read = await reader
                .ReadAtLeastAsync(maxBytes + 1, request.HttpContext.RequestAborted)
                .ConfigureAwait(false);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw EndsEarly(e);
        }

        try
        {
            // No conditional expression: null would become empty memory by way of an array.
            if (read.Buffer.Length > maxBytes)
            {
                return null;
            }

            return read.Buffer.ToArray();
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    /// <summary>What to make of a connection that is lost while it is read from.</summary>
    public static BadHttpRequestException EndsEarly(IOException exception) => new("the body ends early.", exception);
}
