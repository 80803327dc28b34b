namespace PayPerUse.Http;

/// <summary>
/// Makes links that are given to others, such as in a mail: of the configured <c>PublicUrl</c>, never of a request's Host header, which
/// the sender chooses.
/// </summary>
public interface IPublicAddresses
{
    /// <summary>Makes a link to a page of the app.</summary>
    /// <param name="path">Its path, beginning with <c>/</c>.</param>
    /// <exception cref="ArgumentException">The path begins otherwise.</exception>
    /// <exception cref="PayPerUseException">The public address is not known.</exception>
    Uri Of(string path);
}
