using System.Collections;

namespace PayPerUse.Http;

/// <summary>
/// What is wrong with an input, by the names of its fields: one error of each, in the order in which they were found.
/// <see cref="ApiProblem"/> tells them all.
/// </summary>
public sealed class FieldErrors : IEnumerable<KeyValuePair<string, string[]>>
{
    private readonly List<KeyValuePair<string, string[]>> _errors = [];

    /// <summary>How many fields are wrong.</summary>
    public int Count => _errors.Count;

    /// <summary>Adds what is wrong with a field, unless something is known to be wrong with it already.</summary>
    /// <param name="field">Its name, as in the JSON body.</param>
    /// <param name="isWrong">Whether it is.</param>
    /// <param name="error">What is wrong, and what to do about it.</param>
    public void Refuse(string field, bool isWrong, string error)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        ArgumentException.ThrowIfNullOrEmpty(error);
        if (isWrong && Of(field) is null)
        {
            _errors.Add(new(field, [error]));
        }
    }

    /// <summary>The error of a field; null when nothing is wrong with it.</summary>
    /// <param name="field">Its name.</param>
    public string? Of(string field) => _errors.Find(error => error.Key == field).Value?[0];

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string[]>> GetEnumerator() => _errors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
