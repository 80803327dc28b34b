using Microsoft.Extensions.Options;
using PayPerUse.Credits;

namespace PayPerUse.Http.Events;

/// <summary>The open streams of this host.</summary>
internal sealed class BalanceStreams : IBalanceStreams, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<AccountId, List<BalanceStream>> _open = [];
    private readonly CreditLedger _ledger;

    public BalanceStreams(CreditLedger ledger, IOptions<PayPerUseHttpOptions> options)
    {
        _ledger = ledger;
        MaxPerAccount = options.Value.MaxStreamsPerAccount;

        // A change by this host is told at once; the watch tells those of other hosts.
        ledger.Changed += OnChanged;
    }

    public int MaxPerAccount { get; }

    /// <summary>Opens a stream; null when the account has as many as it may.</summary>
    public BalanceStream? TryOpen(AccountId account)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(account, out var streams))
            {
                _open.Add(account, streams = []);
            }

            if (streams.Count >= MaxPerAccount)
            {
                return null;
            }

            var stream = new BalanceStream(account, Close);
            streams.Add(stream);
            return stream;
        }
    }

    public async Task<CreditBalance> ReadAsync(BalanceStream stream, CancellationToken cancellationToken)
    {
        var balance = await _ledger.ReadBalanceAsync(stream.Account, cancellationToken).ConfigureAwait(false);
        stream.Version = balance.Version;
        return balance;
    }

    /// <summary>The accounts that somebody looks at.</summary>
    public IReadOnlyCollection<AccountId> Watched()
    {
        lock (_gate)
        {
            return [.. _open.Keys];
        }
    }

    /// <summary>Wakes the streams that know an older version than the store has.</summary>
    public void Compare(IReadOnlyDictionary<AccountId, long> versions)
    {
        foreach (var stream in Streams())
        {
            if (versions.GetValueOrDefault(stream.Account) != stream.Version)
            {
                stream.SignalChange();
            }
        }
    }

    public void End(AccountId account)
    {
        foreach (var stream in Streams(account))
        {
            stream.Ended.Cancel();
        }
    }

    public void Dispose() => _ledger.Changed -= OnChanged;

    private void OnChanged(object? sender, CreditsChangedEventArgs change)
    {
        foreach (var stream in Streams(change.Account))
        {
            stream.SignalChange();
        }
    }

    private BalanceStream[] Streams(AccountId account)
    {
        lock (_gate)
        {
            return _open.TryGetValue(account, out var streams) ? [.. streams] : [];
        }
    }

    private BalanceStream[] Streams()
    {
        lock (_gate)
        {
            return [.. _open.Values.SelectMany(s => s)];
        }
    }

    private void Close(BalanceStream stream)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(stream.Account, out var streams) && streams.Remove(stream) && streams.Count == 0)
            {
                _open.Remove(stream.Account);
            }
        }
    }
}
