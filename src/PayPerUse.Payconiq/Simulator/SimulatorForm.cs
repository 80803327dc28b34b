using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Reads forms. One that ends early or is malformed is refused before anything is done.</summary>
internal static class SimulatorForm
{
    /// <exception cref="BadHttpRequestException">The form cannot be read.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form is malformed or ends early.", e);
        }
    }

    /// <summary>Which page a form was sent from; null for a script.</summary>
    public static async Task<string?> PageAsync(HttpRequest request, CancellationToken cancellationToken) =>
        request.HasFormContentType
        && (await ReadAsync(request, cancellationToken).ConfigureAwait(false)).TryGetValue("page", out var page)
            ? page.ToString()
            : null;

    /// <summary>Endpoint filter: a body that cannot be read is an error of the API.</summary>
    public static async ValueTask<object?> RefuseUnreadable(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // Also of a connection that is lost.
            return SimulatorErrors.Field("FIELD_IS_INVALID", "The body could not be read: " + e.Message);
        }
    }
}
