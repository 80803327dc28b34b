using System.Net;
using System.Net.Http.Headers;

namespace PayPerUse.Payconiq.Wire;

/// <summary>
/// A JSON body that knows whether it began to leave: what never left certainly had no effect, whatever the exception says.
/// </summary>
internal sealed class SentContent : ByteArrayContent
{
    private volatile bool _wasSent;

    public SentContent(byte[] json)
        : base(json) => Headers.ContentType = new MediaTypeHeaderValue("application/json");

    public bool WasSent => _wasSent;

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        _wasSent = true;
        return base.SerializeToStreamAsync(stream, context, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _wasSent = true;
        return base.SerializeToStreamAsync(stream, context);
    }
}
