using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PayPerUse.Http.Charging;

/// <summary>
/// Holds an answer back until it is charged. Status and headers wait by themselves, since nothing starts the answer; the body is
/// kept in memory and then in a temporary file, up to a limit; and everything that could start the answer earlier is replaced.
/// </summary>
/// <remarks>
/// Deciding in <c>OnStarting</c> would be too late: by then the server has begun to answer and cannot wait for a commit that may
/// fail. Callbacks that the action registers there run before the decision, since they may still change the status.
/// </remarks>
internal sealed class HeldAnswer : IAsyncDisposable
{
    private readonly HttpContext _context;
    private readonly IHttpResponseBodyFeature _body;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;
    private readonly IHttpWebSocketFeature? _webSocket;
    private readonly KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] _headers;
    private readonly HeldBody _heldBody;
    private readonly HeldStart _heldStart;
    private byte[]? _read;
    private bool _isHolding = true;

    public HeldAnswer(HttpContext context, PayPerUseHttpOptions options)
    {
        _context = context;
        var features = context.Features;
        _body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _upgrade = features.Get<IHttpUpgradeFeature>();
        _connect = features.Get<IHttpExtendedConnectFeature>();
        _webSocket = features.Get<IHttpWebSocketFeature>();
        _headers = _response.Headers.Count == 0 ? [] : [.. _response.Headers];
        _heldBody = new HeldBody(options);
        _heldStart = new HeldStart(_response);
        features.Set<IHttpResponseBodyFeature>(_heldBody);
        features.Set<IHttpResponseFeature>(_heldStart);

        // A connection that is taken over answers at once, so it is not offered.
        Hide(_upgrade);
        Hide(_connect);
        Hide(_webSocket);
    }

    /// <summary>The action is done: what it still had in its hands is kept, and its last say over status and headers is heard.</summary>
    public async Task FinishAsync()
    {
        await _heldStart.RunAsync().ConfigureAwait(false);
        await _heldBody.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>The body, which is sent from here afterwards.</summary>
    /// <exception cref="InvalidOperationException">It is larger than the limit.</exception>
    public async Task<byte[]> ReadAsync(int limit)
    {
        if (_heldBody.Length > limit)
        {
            throw new InvalidOperationException(
                $"An answer that is kept has at most {limit} bytes: leave out KeepAnswer, or raise KeptAnswerLimit."
            );
        }

        using var body = new MemoryStream();
        var memory = new StreamResponseBodyFeature(body);
        await _heldBody.SendAsync(memory, CancellationToken.None).ConfigureAwait(false);
        await memory.CompleteAsync().ConfigureAwait(false);
        return _read = body.ToArray();
    }

    /// <summary>Sends the answer. A client that left is no error.</summary>
    public async Task SendAsync()
    {
        Restore();
        try
        {
            if (_read is null)
            {
                await _heldBody.SendAsync(_body, _context.RequestAborted).ConfigureAwait(false);
            }
            else
            {
                await _body.Writer.WriteAsync(_read, _context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            if (!_context.RequestAborted.IsCancellationRequested)
            {
                throw;
            }
        }
    }

    /// <summary>Forgets the answer: body, status, and every header that the action set.</summary>
    public void Discard()
    {
        Restore();
        var response = _context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.Clear();
        foreach (var (name, value) in _headers)
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>Gives the answer back to whoever is outside; what was held is not sent.</summary>
    public void Restore()
    {
        if (!_isHolding)
        {
            return;
        }

        _isHolding = false;
        var features = _context.Features;
        features.Set(_body);
        features.Set(_response);
        Show(_upgrade);
        Show(_connect);
        Show(_webSocket);
    }

    public ValueTask DisposeAsync()
    {
        Restore();
        return _heldBody.DisposeAsync();
    }

    // Setting a feature that is not there anyway makes the server search for it.
    private void Hide<TFeature>(TFeature? feature)
        where TFeature : class
    {
        if (feature is not null)
        {
            _context.Features.Set<TFeature>(null);
        }
    }

    private void Show<TFeature>(TFeature? feature)
        where TFeature : class
    {
        if (feature is not null)
        {
            _context.Features.Set(feature);
        }
    }
}
