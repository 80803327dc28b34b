using Microsoft.AspNetCore.Http;
using PayPerUse.Http.Problems;

namespace PayPerUse.Http;

/// <summary>Reads forms so that one that cannot be read is the sender's mistake, never the app's.</summary>
public static class FormBody
{
    /// <summary>Reads a form. What was read stays readable, here and through the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The form, and no problem; or no form, and the answer: 400 when the body is no form, ends early or is malformed, 413 when it is
    /// longer than the server takes.
    /// </returns>
    public static async Task<(IFormCollection? Form, IResult? Problem)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.HasFormContentType)
        {
            return (
                null,
                Problem.Invalid("Content-Type", "must be application/x-www-form-urlencoded or multipart/form-data.")
            );
        }

        try
        {
            return (await ReadRequiredAsync(request, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BadHttpRequestException e)
        {
            return (null, FailureProblem.Of(e));
        }
    }

    /// <summary>Reads the body of a request that says it is a form.</summary>
    /// <exception cref="BadHttpRequestException">It cannot be read.</exception>
    internal static async Task<IFormCollection> ReadRequiredAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            // Malformed or too many fields; a charset that .NET refuses to read (utf-7); a part that ends early.
            throw new BadHttpRequestException("the form is malformed or ends early.", e);
        }
    }
}
