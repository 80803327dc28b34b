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

    /// <summary>
    /// Reads a form into what a JSON body would be read into. Its fields are named by their paths there: <c>age</c>,
    /// <c>address.city</c>, <c>children[0].age</c>. Blank fields are left out, and so are the rows of a list in which all are blank.
    /// A number that may be null is null when what was typed is none, so that the app's own check can say what is wrong. A name that
    /// comes again counts once, and one that is no path, or deeper than 8, not at all.
    /// </summary>
    /// <typeparam name="T">What the body holds.</typeparam>
    /// <param name="request">The request. Other fields of its form can still be read.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>
    /// The value, and no problem; or no value, and the answer: as of the other <c>ReadAsync</c>, or 400 with the name of a field that
    /// cannot be what it must.
    /// </returns>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(
        HttpRequest request,
        CancellationToken cancellationToken
    )
        where T : class
    {
        var (form, problem) = await ReadAsync(request, cancellationToken).ConfigureAwait(false);
        return form is null ? (null, problem) : FormFields.Read<T>(form);
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
