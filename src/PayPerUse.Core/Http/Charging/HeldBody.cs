using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace PayPerUse.Http.Charging;

/// <summary>A body that is kept instead of sent: in memory first, then in a temporary file, up to a limit.</summary>
internal sealed class HeldBody : IHttpResponseBodyFeature, IAsyncDisposable
{
    private readonly FileBufferingWriteStream _kept;

    public HeldBody(PayPerUseHttpOptions options)
    {
        _kept = new FileBufferingWriteStream(options.HeldAnswerMemory, options.HeldAnswerLimit);

        // The action may write to both in turn; whichever it uses, the order of its bytes stays.
        var end = new HeldStream(_kept, options.HeldAnswerLimit);
        Writer = PipeWriter.Create(end, new StreamPipeWriterOptions(leaveOpen: true));
        Stream = new HeldStream(_kept, options.HeldAnswerLimit, FlushWriterAsync);
    }

    public Stream Stream { get; }

    public PipeWriter Writer { get; }

    public void DisableBuffering()
    {
        // Holding the answer back is the point; an endpoint that must stream says so with StreamAnswer.
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    /// <summary>Takes in what was written but not flushed. Safe to call twice.</summary>
    public Task CompleteAsync() => FlushWriterAsync(CancellationToken.None).AsTask();

    public Task DrainAsync(Stream destination, CancellationToken cancellationToken) =>
        _kept.Length == 0 ? Task.CompletedTask : _kept.DrainBufferAsync(destination, cancellationToken);

    public ValueTask DisposeAsync() => _kept.DisposeAsync();

    private async ValueTask FlushWriterAsync(CancellationToken cancellationToken)
    {
        if (Writer.UnflushedBytes > 0)
        {
            await Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
