using System.Threading.Channels;
using PayPerUse.Credits;

namespace PayPerUse.Http.Events;

/// <summary>One open stream: what wakes it, and what it last knew.</summary>
internal sealed class BalanceStream(AccountId account, Action<BalanceStream> close) : IDisposable
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private int _isChanged;
    private long _version;

    public AccountId Account { get; } = account;

    /// <summary>Completed when the stream must end: its user signed out.</summary>
    public CancellationTokenSource Ended { get; } = new();

    /// <summary>The account's version as last read; the watch compares with it.</summary>
    public long Version
    {
        get => Interlocked.Read(ref _version);
        set => Interlocked.Exchange(ref _version, value);
    }

    /// <summary>Something changed: read again.</summary>
    public void SignalChange()
    {
        Interlocked.Exchange(ref _isChanged, 1);
        Wake();
    }

    /// <summary>Time passed: look at what is due.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Waits until woken.</summary>
    /// <returns>Whether something changed.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        await _wakes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return Interlocked.Exchange(ref _isChanged, 0) == 1;
    }

    public void Dispose() => close(this);
}
