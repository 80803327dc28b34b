namespace PayPerUse.Http.Charging;

/// <summary>Writes into what is kept, and says clearly when there is too much.</summary>
internal sealed class HeldStream(Stream kept, long limit, Func<CancellationToken, ValueTask>? before = null) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        if (before is not null)
        {
            await before(cancellationToken).ConfigureAwait(false);
        }

        CheckLimit(buffer.Length);
        await kept.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        // Flushing goes to memory or a local file, so it ends at once.
        before?.Invoke(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        CheckLimit(count);
        kept.Write(buffer, offset, count);
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void CheckLimit(int count)
    {
        if (kept.Length + count > limit)
        {
            throw new InvalidOperationException(
                $"An answer that waits for its charge has at most {limit} bytes: use StreamAnswer on the endpoint, or raise HeldAnswerLimit."
            );
        }
    }
}
