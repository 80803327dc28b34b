using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Signatures;

/// <summary>
/// The keys that sign callbacks, read from the configured address and kept for at most 12 hours. A key that is not there makes
/// it read them again, but not more often than once a minute, so that a flood of made-up keys is no flood at the key server.
/// </summary>
internal sealed class CallbackKeys(
    IHttpClientFactory clients,
    IOptions<PayconiqOptions> options,
    TimeProvider clock,
    ILogger<CallbackKeys> logger
) : IDisposable
{
    /// <summary>The name of the HTTP client. It never carries our API key.</summary>
    public const string HttpClientName = "PayPerUse.Payconiq.Keys";

    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(12);
    public static readonly TimeSpan MinInterval = TimeSpan.FromMinutes(1);

    // The callback must be answered within 15 seconds.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile KeySet? _keys;
    private DateTimeOffset? _triedAt;

    /// <summary>Finds the keys of an id; empty when it is unknown or the key server does not answer.</summary>
    public async Task<IReadOnlyList<ECParameters>> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (FindKept(keyId) is { Count: > 0 } kept)
        {
            return kept;
        }

        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another message may have read them meanwhile.
            if (FindKept(keyId) is { Count: > 0 } read)
            {
                return read;
            }

            var now = clock.GetUtcNow();
            if (_triedAt is null || now - _triedAt >= MinInterval)
            {
                _triedAt = now;
                await ReadAsync(now, cancellationToken).ConfigureAwait(false);
            }

            return FindKept(keyId);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Whether there are keys, kept or read now.</summary>
    public async Task<bool> IsReadableAsync(CancellationToken cancellationToken)
    {
        // No key has this id, so it reads unless that was just done.
        await FindAsync("", cancellationToken).ConfigureAwait(false);
        return _keys is { } keys && clock.GetUtcNow() - keys.ReadAt < MinInterval;
    }

    public void Dispose() => _reading.Dispose();

    private IReadOnlyList<ECParameters> FindKept(string keyId) =>
        _keys is { } keys && clock.GetUtcNow() - keys.ReadAt < MaxAge ? [.. keys.ById[keyId]] : [];

    private async Task ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            var address = options.Value.EffectiveJwksUri!;
            var json = await client.GetByteArrayAsync(address, either.Token).ConfigureAwait(false);
            var keys = JsonWebKeys.Read(json);
            if (keys.Count == 0)
            {
                throw new JsonException("The key set has no P-256 key for signatures.");
            }

            _keys = new KeySet(keys, now);
            PayconiqLog.KeysRead(logger, keys.Count);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Who asked is gone; the next one may try at once.
            _triedAt = null;
            throw;
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or IOException
                        or JsonException
                        or InvalidOperationException
                        or OperationCanceledException
                        or PayPerUseException
            )
        {
            // Keys that are still young enough stay.
            PayconiqLog.KeysUnavailable(logger, e);
        }
    }

    private sealed record KeySet(ILookup<string, ECParameters> ById, DateTimeOffset ReadAt);
}
