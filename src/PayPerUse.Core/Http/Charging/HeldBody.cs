using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace PayPerUse.Http.Charging;

/// <summary>A body that is kept instead of sent: in memory first, then in a temporary file, up to a limit.</summary>
/// <remarks>
/// It is the pipe, and its stream writes into the same pipe, so that the order of the bytes stays whichever of the two the action
/// uses. Most answers fit into one rented piece of memory, and cost no more than being copied once.
/// </remarks>
internal sealed class HeldBody(PayPerUseHttpOptions options) : PipeWriter, IHttpResponseBodyFeature, IAsyncDisposable
{
    private const int SmallestPiece = 4 * 1024;
    private const int LargestPiece = 64 * 1024;

    private Queue<ArraySegment<byte>>? _full;
    private byte[] _last = [];
    private int _lastUsed;
    private long _inMemory;
    private long _length;
    private long _unflushed;
    private FileBufferingWriteStream? _file;
    private HeldStream? _stream;
    private bool _isBroken;

    public Stream Stream => _stream ??= new HeldStream(this);

    public PipeWriter Writer => this;

    /// <summary>How many bytes there are.</summary>
    public long Length => _length;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        ThrowIfBroken();
        if (_last.Length - _lastUsed < Math.Max(sizeHint, 1))
        {
            AddPiece(sizeHint);
        }

        return _last.AsMemory(_lastUsed);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _last.Length - _lastUsed);
        if (_length + bytes > options.HeldAnswerLimit)
        {
            throw new InvalidOperationException(
                $"An answer that waits for its charge has at most {options.HeldAnswerLimit} bytes: use StreamAnswer on the endpoint, or raise HeldAnswerLimit."
            );
        }

        _lastUsed += bytes;
        _inMemory += bytes;
        _unflushed += bytes;
        _length += bytes;
    }

    /// <summary>Keeps within memory. What waits for a file is written whole: a token that fires would leave half of it.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfBroken();
        _unflushed = 0;
        return IsToBeMoved ? MoveAsync() : default;

        async ValueTask<FlushResult> MoveAsync()
        {
            await MoveToFileAsync().ConfigureAwait(false);
            return default;
        }
    }

    /// <summary>The same for a caller that cannot wait: memory or a local file, so it ends at once.</summary>
    public void Flush()
    {
        var flushing = FlushAsync();
        if (!flushing.IsCompletedSuccessfully)
        {
            flushing.AsTask().GetAwaiter().GetResult();
        }
    }

    public override void CancelPendingFlush()
    {
        // No flush waits for a reader.
    }

    public override void Complete(Exception? exception = null)
    {
        // Everything that was written is here already.
    }

    public void DisableBuffering()
    {
        // Holding the answer back is the point; an endpoint that must stream says so with StreamAnswer.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public Task CompleteAsync() => Task.CompletedTask;

    /// <summary>Sends what was kept and flushed.</summary>
    /// <remarks>
    /// An answer of one piece is handed over without a flush: the server sends it with the answer's end a moment later, in one
    /// packet, where a flush would send the end in a second one. That costs as much as everything else the charge adds.
    /// </remarks>
    public async Task SendAsync(IHttpResponseBodyFeature destination, CancellationToken cancellationToken)
    {
        if (_file is not null)
        {
            await _file.DrainBufferAsync(destination.Writer, cancellationToken).ConfigureAwait(false);
            return;
        }

        foreach (var piece in _full ?? [])
        {
            await destination.Writer.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }

        if (_lastUsed > 0)
        {
            // Whoever is outside must see that there is an answer, as after a flush.
            await destination.StartAsync(cancellationToken).ConfigureAwait(false);
            destination.Writer.Write(_last.AsSpan(0, _lastUsed));
        }
    }

    /// <summary>Whoever still writes afterwards hears of it: the memory may be another answer's by then.</summary>
    public ValueTask DisposeAsync()
    {
        _isBroken = true;
        while (_full is not null && _full.TryDequeue(out var piece))
        {
            ArrayPool<byte>.Shared.Return(piece.Array!);
        }

        DropLast();
        return _file?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    // Once there is a file, all that follows goes there, so that the order stays.
    private bool IsToBeMoved => _inMemory > options.HeldAnswerMemory || (_file is not null && _inMemory > 0);

    private void AddPiece(int sizeHint)
    {
        if (_lastUsed > 0)
        {
            (_full ??= []).Enqueue(new ArraySegment<byte>(_last, 0, _lastUsed));
            (_last, _lastUsed) = ([], 0);
        }

        DropLast();
        var size = (int)Math.Clamp(_inMemory, SmallestPiece, LargestPiece);
        _last = ArrayPool<byte>.Shared.Rent(Math.Max(size, sizeHint));
    }

    private async ValueTask MoveToFileAsync()
    {
        // Until all of it is there, what is kept is not the answer.
        _isBroken = true;
        _file ??= new FileBufferingWriteStream(memoryThreshold: 0);
        while (_full is not null && _full.TryPeek(out var piece))
        {
            await _file.WriteAsync(piece, CancellationToken.None).ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(_full.Dequeue().Array!);
        }

        await _file.WriteAsync(_last.AsMemory(0, _lastUsed), CancellationToken.None).ConfigureAwait(false);
        (_lastUsed, _inMemory) = (0, 0);
        _isBroken = false;
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new InvalidOperationException("The answer is not kept any more, so nothing can be added to it.");
        }
    }

    private void DropLast()
    {
        if (_last.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_last);
            (_last, _lastUsed) = ([], 0);
        }
    }
}
